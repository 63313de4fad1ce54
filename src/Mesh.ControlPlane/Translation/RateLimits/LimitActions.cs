using System.Text.RegularExpressions;
using Envoy.Config.Core.V3;
using Envoy.Config.Route.V3;
using Envoy.Extensions.RateLimitDescriptors.Expr.V3;
using Envoy.Type.Matcher.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Translation.Routes;
using ProxylessMesh.Xds.Resources.RateLimits;
using Action = Envoy.Config.Route.V3.RateLimit.Types.Action;

namespace ProxylessMesh.ControlPlane.Translation.RateLimits;

/// <summary>Parts of rate limits as descriptor actions.</summary>
internal static class LimitActions
{
    public static Action Fixed(string key, string value) =>
        new() { GenericKey = new Action.Types.GenericKey { DescriptorKey = key, DescriptorValue = value } };

    public static Action From(LimitKey key) => key.Kind switch
    {
        LimitKeyKind.Identity => Identity(key.Key),
        LimitKeyKind.Address => new() { RemoteAddress = new Action.Types.RemoteAddress() },
        LimitKeyKind.Header => new() { RequestHeaders = new Action.Types.RequestHeaders { DescriptorKey = key.Key, HeaderName = key.Value } },
        _ => Fixed(key.Key, key.Value),
    };

    /// <summary>The same value as <see cref="Fixed"/>, where the request matches.</summary>
    public static Action Matching(LimitMatch match, string key, string value, params ReadOnlySpan<HeaderMatcher> further)
    {
        var action = new Action.Types.HeaderValueMatch { DescriptorKey = key, DescriptorValue = value };
        if (match.Path is { } path)
        {
            action.Headers.Add(new HeaderMatcher { Name = ":path", StringMatch = Path(path) });
        }

        if (match.Methods.Count > 0)
        {
            var any = string.Join('|', match.Methods.Order(StringComparer.Ordinal).Select(Regex.Escape));
            action.Headers.Add(new HeaderMatcher { Name = ":method", StringMatch = new StringMatcher { SafeRegex = StringMatchers.Regex(any) } });
        }

        action.Headers.AddRange(match.Headers.OrderBy(h => h.Name, StringComparer.Ordinal).Select(h => HeaderMatchers.Holds(ProxyProfile.Mesh, h.Name, h.Value)));
        foreach (var header in further)
        {
            action.Headers.Add(header);
        }

        return action.Headers.Count == 0 ? Fixed(key, value) : new Action { HeaderValueMatch = action };
    }

    // The pseudo header holds the query string, which a limit's path does not (RFC 9113, section 8.3.1).
    private static StringMatcher Path(StringPredicate path) => path.Kind switch
    {
        StringPredicateKind.Prefix => new StringMatcher { Prefix = path.Value },
        StringPredicateKind.Exact => new StringMatcher { SafeRegex = StringMatchers.Regex($@"{Regex.Escape(path.Value)}(\?.*)?") },
        _ => new StringMatcher { SafeRegex = StringMatchers.Regex($@"(?:{path.Value})(\?.*)?") },
    };

    private static Action Identity(string key) => new()
    {
        Extension = new TypedExtensionConfig
        {
            Name = "envoy.rate_limit_descriptors.expr",
            TypedConfig = new Any
            {
                TypeUrl = $"type.googleapis.com/{PeerExpression.TypeName}",
                Value = new DescriptorExpression { DescriptorKey = key, Text = PeerExpression.IdOrNone }.ToByteString(),
            },
        },
    };
}
