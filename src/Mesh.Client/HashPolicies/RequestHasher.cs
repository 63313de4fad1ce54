using System.Globalization;
using System.Numerics;
using ProxylessMesh.Client.LoadBalancing;
using ProxylessMesh.Client.Routing;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Randomness;
using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.Client.HashPolicies;

/// <summary>
/// A route's hash policies (route_components.proto, HashPolicy; gRFC A42): each that finds something is mixed in by a rotation
/// and XOR; after a terminal one that leaves a hash, nothing more is looked at.
/// </summary>
internal sealed class RequestHasher
{
    /// <summary>A process is one channel: all its calls alike, and unlike those of other processes.</summary>
    private static readonly ulong ChannelId = RandomHash.Next(SystemRandomSource.Instance);

    private readonly (HashPolicyConfig Policy, RegexRewriter? Rewriter)[] _policies;

    private RequestHasher((HashPolicyConfig Policy, RegexRewriter? Rewriter)[] policies) => _policies = policies;

    /// <summary>Null: there are none, and calls need not ask.</summary>
    public static RequestHasher? Compile(EquatableArray<HashPolicyConfig> policies) =>
        policies.Count == 0 ? null : new RequestHasher([.. policies.Select(p => (p, p.Rewrite is null ? null : RegexRewriter.Create(p.Rewrite)))]);

    /// <summary>Null: the request has nothing that the policies look at.</summary>
    public RequestHash? Compute(HttpRequestMessage request, IRandomSource random)
    {
        ulong? combined = null;
        string? setCookie = null;
        foreach (var (policy, rewriter) in _policies)
        {
            if (Hash(policy, rewriter, request, random, ref setCookie) is { } hash)
            {
                combined = BitOperations.RotateLeft(combined ?? 0, 1) ^ hash;
            }

            if (policy.Terminal && combined is not null)
            {
                break;
            }
        }

        return combined is { } value ? new RequestHash(value, setCookie) : null;
    }

    private static ulong? Hash(
        HashPolicyConfig policy, RegexRewriter? rewriter, HttpRequestMessage request, IRandomSource random, ref string? setCookie) => policy.Kind switch
    {
        HashPolicyKind.Header => OfHeader(policy, rewriter, request),
        HashPolicyKind.Cookie => OfCookie(policy, request, random, ref setCookie),
        HashPolicyKind.SourceIp => OfSource(request),
        HashPolicyKind.QueryParameter => OfQuery(policy, request),
        _ => ChannelId,
    };

    /// <summary>Binary headers of gRPC are not looked at (gRFC A42).</summary>
    private static ulong? OfHeader(HashPolicyConfig policy, RegexRewriter? rewriter, HttpRequestMessage request)
    {
        var view = new HttpRequestView(request, request.RequestUri!.Authority);
        var text = policy.Name switch
        {
            ":authority" or "host" => view.Authority,
            ":method" => view.Method,
            ":path" => request.RequestUri!.PathAndQuery,
            var name => !name.EndsWith("-bin", StringComparison.Ordinal) && view.TryGetHeader(name, out var value) ? value : null,
        };
        return text is null ? null : Xxh64.Hash(rewriter?.Rewrite(text) ?? text);
    }

    private static ulong? OfCookie(HashPolicyConfig policy, HttpRequestMessage request, IRandomSource random, ref string? setCookie)
    {
        if (RequestCookies.TryFind(request, policy.Name, out var value))
        {
            return Xxh64.Hash(value);
        }

        if (policy.CookieTtl is null)
        {
            return null;
        }

        var made = RandomHash.Next(random).ToString("x16", CultureInfo.InvariantCulture);
        setCookie = SessionCookie.Format(policy, made);
        return Xxh64.Hash(made);
    }

    /// <summary>
    /// Who the app works for: the first address of x-forwarded-for, which the app set or the request being served carries on. The app's
    /// own address would be no more than its process, which no peer can tell from its calls here.
    /// </summary>
    private static ulong? OfSource(HttpRequestMessage request)
    {
        if (!request.Headers.NonValidated.TryGetValues("x-forwarded-for", out var values))
        {
            return null;
        }

        foreach (var value in values)
        {
            var comma = value.IndexOf(',', StringComparison.Ordinal);
            var first = (comma < 0 ? value : value.AsSpan(0, comma)).Trim();
            return first.IsEmpty ? null : Xxh64.Hash(first);
        }

        return null;
    }

    private static ulong? OfQuery(HashPolicyConfig policy, HttpRequestMessage request)
    {
        var query = request.RequestUri!.Query;
        return query.Length > 1 && QueryMatcher.TryFind(query.AsSpan(1), policy.Name, out var value) ? Xxh64.Hash(value) : null;
    }
}
