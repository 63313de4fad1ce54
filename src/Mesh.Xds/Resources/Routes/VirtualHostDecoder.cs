using Envoy.Config.Route.V3;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources.Cors;
using ProxylessMesh.Xds.Resources.Faults;

namespace ProxylessMesh.Xds.Resources.Routes;

/// <summary>VirtualHost. include_is_timeout_retry_header only informs the upstream, and is ignored.</summary>
internal static class VirtualHostDecoder
{
    public static VirtualHostConfig Decode(VirtualHost host, DomainRules rules, RouteDefaults general, DecodeContext context)
    {
        RefuseUnsupported(host, context);
        if (host.Domains.Count == 0)
        {
            context.Error("domains", "must not be empty");
        }

        var domains = new List<string>(host.Domains.Count);
        for (var i = 0; i < host.Domains.Count; i++)
        {
            using (context.Enter("domains", i))
            {
                if (rules.Check(host.Domains[i], context) is { } domain)
                {
                    domains.Add(domain);
                }
            }
        }

        var defaults = general with
        {
            Cors = CorsPolicyDecoder.Legacy(host.Cors, context),
            Retries = Retries(host, context),
            Hedge = HedgePolicyDecoder.Decode(host.HedgePolicy, false, context),
            ReplayLimit = ReplayLimit.Of(host),
            AttemptCountInRequest = host.IncludeRequestAttemptCount,
            AttemptCountInResponse = host.IncludeAttemptCountInResponse,
            Mirrors = MirrorDecoder.Decode(host.RequestMirrorPolicies, general.Mirrors, context),
            Headers = general.With(HeaderMutationDecoder.Decode(
                host.RequestHeadersToAdd, host.RequestHeadersToRemove, host.ResponseHeadersToAdd, host.ResponseHeadersToRemove, context)),
        };
        var routes = new List<RouteEntryConfig>(host.Routes.Count);
        for (var i = 0; i < host.Routes.Count; i++)
        {
            using (context.Enter("routes", i))
            {
                if (RouteDecoder.Decode(host.Routes[i], defaults, context) is { } route)
                {
                    routes.Add(route);
                }
            }
        }

        return new VirtualHostConfig(host.Name, domains.ToEquatableArray(), routes.ToEquatableArray())
        {
            FilterOverrides = FilterOverrideDecoder.Decode(host.TypedPerFilterConfig, context),
        };
    }

    private static RetryDecoding Retries(VirtualHost host, DecodeContext context)
    {
        using (context.Enter("retry_policy"))
        {
            return RetryPolicyDecoder.Decode(host.RetryPolicy, context);
        }
    }

    private static void RefuseUnsupported(VirtualHost host, DecodeContext context)
    {
        context.Refuse(host.Matcher is not null, "matcher");
        context.Refuse(host.RateLimits.Count > 0, "rate_limits");
        context.Refuse(host.RequireTls != VirtualHost.Types.TlsRequirementType.None, "require_tls");
        context.Refuse(host.RetryPolicyTypedConfig is not null, "retry_policy_typed_config");
    }
}
