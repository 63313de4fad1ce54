using System.Net;
using ProxylessMesh.Client.Outcomes;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Randomness;
using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.Client.Cors;

/// <summary>
/// Cross-origin resource sharing of a route, as Envoy's filter does it: preflights are answered here, and the responses of other
/// requests say which origin may read them. It protects browsers, not the destination: a request of a foreign origin is not stopped
/// (Fetch standard, CORS protocol).
/// </summary>
internal sealed class CorsPolicy
{
    private const int Million = 1_000_000;

    private readonly CorsConfig _config;
    private readonly StringMatcher[] _origins;

    public CorsPolicy(CorsConfig config)
    {
        _config = config;
        _origins = new StringMatcher[config.AllowOrigins.Count];
        for (var i = 0; i < _origins.Length; i++)
        {
            // "*" is every origin, and no origin is called so.
            var origin = config.AllowOrigins[i];
            _origins[i] = new StringMatcher(origin is { Kind: StringMatchKind.Exact, Value: "*" } ? new(StringMatchKind.Prefix, "") : origin);
        }
    }

    /// <summary>The origin of a cross-origin request; null: the policy has nothing to say about the request.</summary>
    public string? OriginOf(HttpRequestMessage request, IRandomSource random) =>
        Header(request, "Origin") is { Length: > 0 } origin && (_config.EnabledPerMillion >= Million || random.Next(Million) < _config.EnabledPerMillion)
            ? origin
            : null;

    /// <summary>The answer to a preflight, or null when the request is none, or is one that the destination is to answer.</summary>
    public HttpResponseMessage? Preflight(HttpRequestMessage request, string origin, string routeName)
    {
        if (request.Method != HttpMethod.Options || string.IsNullOrEmpty(Header(request, "Access-Control-Request-Method")))
        {
            return null;
        }

        var allowed = Allows(origin);
        if (!allowed && _config.ForwardUnmatchedPreflights)
        {
            return null;
        }

        var response = LocalReply.Create(request, HttpStatusCode.OK, [], null, new MeshOutcome(ResponseFlags.None, routeName, null, null, 0, null));
        if (allowed)
        {
            Set(response, "Access-Control-Allow-Origin", origin);
            Set(response, "Access-Control-Allow-Credentials", _config.AllowCredentials ? "true" : "");
            Set(response, "Access-Control-Allow-Methods", _config.AllowMethods);
            Set(response, "Access-Control-Allow-Headers", _config.AllowHeaders);
            Set(response, "Access-Control-Max-Age", _config.MaxAge);
            if (_config.AllowPrivateNetwork && Header(request, "Access-Control-Request-Private-Network") == "true")
            {
                Set(response, "Access-Control-Allow-Private-Network", "true");
            }
        }

        return response;
    }

    /// <summary>Says in a response to the origin's request that it may be read, whatever the destination said.</summary>
    public void Apply(HttpResponseMessage response, string origin)
    {
        if (Allows(origin))
        {
            Set(response, "Access-Control-Allow-Origin", origin);
            Set(response, "Access-Control-Allow-Credentials", _config.AllowCredentials ? "true" : "");
            Set(response, "Access-Control-Expose-Headers", _config.ExposeHeaders);
        }
    }

    private static string? Header(HttpRequestMessage request, string name) =>
        request.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;

    private static void Set(HttpResponseMessage response, string name, string value)
    {
        if (value.Length > 0)
        {
            response.Headers.Remove(name);
            response.Headers.TryAddWithoutValidation(name, value);
        }
    }

    private bool Allows(string origin)
    {
        foreach (var allowed in _origins)
        {
            if (allowed.Matches(origin))
            {
                return true;
            }
        }

        return false;
    }
}
