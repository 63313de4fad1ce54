using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.ExternalAuthorization;
using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.Server.ExternalAuthorization;

/// <summary>What becomes of the headers of an HTTP service's answer.</summary>
internal sealed class AnswerHeaders(HttpAuthorizerConfig config)
{
    private readonly StringMatcher[] _upstream = Compile(config.ToUpstream);
    private readonly StringMatcher[] _appended = Compile(config.AppendedToUpstream);
    private readonly StringMatcher[] _onDeny = Compile(config.ToClientOnDeny);
    private readonly StringMatcher[] _onAllow = Compile(config.ToClientOnAllow);

    public AuthorizationVerdict Allowed(HttpResponseMessage answer)
    {
        var request = new List<HeaderMutationConfig>();
        var response = new List<HeaderMutationConfig>();
        foreach (var (name, value) in Of(answer))
        {
            if (Any(_upstream, name))
            {
                request.Add(new(HeaderMutationKind.Set, name, value));
            }

            if (Any(_appended, name))
            {
                request.Add(new(HeaderMutationKind.Append, name, value));
            }

            if (Any(_onAllow, name))
            {
                response.Add(new(HeaderMutationKind.Append, name, value));
            }
        }

        return new AuthorizationVerdict(true) { RequestHeaders = request.ToEquatableArray(), ResponseHeaders = response.ToEquatableArray() };
    }

    // Those two make sense of 401 and 302 (ext_authz.proto, allowed_client_headers).
    public AuthorizationVerdict Denied(HttpResponseMessage answer, byte[] body) => new(false)
    {
        Status = CheckResponseReader.StatusOf((int)answer.StatusCode),
        Body = body,
        ResponseHeaders = Of(answer)
            .Where(h => _onDeny.Length == 0 || h.Name is "www-authenticate" or "location" or "content-type" || Any(_onDeny, h.Name))
            .Select(h => new HeaderMutationConfig(HeaderMutationKind.Append, h.Name, h.Value))
            .ToEquatableArray(),
    };

    private static IEnumerable<(string Name, string Value)> Of(HttpResponseMessage answer)
    {
        foreach (var (name, values) in answer.Headers.NonValidated.Concat(answer.Content.Headers.NonValidated))
        {
            var lower = name.ToLowerInvariant();
            if (!MessageRules.IsChangeableHeader(lower) || lower is "date" or "server" or "keep-alive" or "upgrade" or "trailer" or "te" or "proxy-connection")
            {
                continue;
            }

            foreach (var value in values)
            {
                if (MessageRules.IsHeaderValue(value))
                {
                    yield return (lower, value);
                }
            }
        }
    }

    private static StringMatcher[] Compile(EquatableArray<StringMatchConfig> matchers) => [.. matchers.Select(m => new StringMatcher(m))];

    private static bool Any(StringMatcher[] matchers, string name) => Array.Exists(matchers, m => m.Matches(name));
}
