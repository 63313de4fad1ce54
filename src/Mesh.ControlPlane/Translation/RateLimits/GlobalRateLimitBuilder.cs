using Envoy.Config.Core.V3;
using Envoy.Config.Ratelimit.V3;
using Envoy.Config.Route.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;
using Filter = Envoy.Extensions.Filters.Http.Ratelimit.V3.RateLimit;

namespace ProxylessMesh.ControlPlane.Translation.RateLimits;

/// <summary>RateLimitPolicy.global.</summary>
internal static class GlobalRateLimitBuilder
{
    private const string Name = "envoy.filters.http.ratelimit";
    private const string Matched = "header_match";

    public static HttpFilter Build(RateLimitPolicy policy, GlobalLimit global, MeshSettings settings)
    {
        var ns = policy.Meta.Id.Namespace;
        var host = HostName.Resolve(global.Service, ns, settings.ClusterDomain);
        var filter = new Filter
        {
            Domain = global.Domain,
            Timeout = Duration.FromTimeSpan(global.Timeout),
            FailureModeDeny = global.FailsClosed,
            RateLimitedAsResourceExhausted = policy.AsResourceExhausted,
            RateLimitService = new RateLimitServiceConfig
            {
                TransportApiVersion = ApiVersion.V3,
                GrpcService = new GrpcService { EnvoyGrpc = new GrpcService.Types.EnvoyGrpc { ClusterName = new ClusterName(global.Port, "", host).ToString() } },
            },
            EnableXRatelimitHeaders = policy.TellsLimits ? Filter.Types.XRateLimitHeadersRFCVersion.DraftVersion03 : Filter.Types.XRateLimitHeadersRFCVersion.Off,
            FilterEnforced = policy.DryRun ? Shares.None() : null,
        };
        filter.RateLimits.AddRange(global.Descriptors.Select(Rule));
        return new HttpFilter { Name = $"{Name}.{ns}.{policy.Meta.Id.Name}", TypedConfig = Any.Pack(filter) };
    }

    private static RateLimit Rule(GlobalDescriptor descriptor)
    {
        var rule = new RateLimit();
        if (descriptor.Match != LimitMatch.Everything)
        {
            rule.Actions.Add(LimitActions.Matching(descriptor.Match, Matched, "true"));
        }

        rule.Actions.AddRange(descriptor.Entries.Select(LimitActions.From));
        if (descriptor.Hits != 1)
        {
            rule.HitsAddend = new RateLimit.Types.HitsAddend { Number = (ulong)descriptor.Hits };
        }

        return rule;
    }
}
