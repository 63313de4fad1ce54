using Envoy.Config.Route.V3;
using ProxylessMesh.Xds.Config;
using HostRewrite = Envoy.Config.Route.V3.RouteAction.HostRewriteSpecifierOneofCase;

namespace ProxylessMesh.Xds.Resources.Routes;

/// <summary>RouteAction: forward to clusters. Broken values are errors; what we cannot do makes the action unsupported.</summary>
internal static class RouteActionDecoder
{
    public static RouteActionConfig? Decode(RouteAction action, in RouteDefaults defaults, DecodeContext context)
    {
        var retries = defaults.Retries;
        if (action.RetryPolicy is not null)
        {
            using (context.Enter("retry_policy"))
            {
                // The route's policy replaces the virtual host's (gRFC A44).
                retries = RetryPolicyDecoder.Decode(action.RetryPolicy, context);
            }
        }

        var clusters = Clusters(action, context);
        var mirrors = MirrorDecoder.Decode(action.RequestMirrorPolicies, defaults.Mirrors, context);
        var path = RewriteDecoder.Path(action.PrefixRewrite, action.RegexRewrite, context);
        var host = action.HostRewriteLiteral.Length > 0 ? RewriteDecoder.Host(action.HostRewriteLiteral, "host_rewrite_literal", context) : null;
        if (clusters.Clusters is null && clusters.Unsupported is null)
        {
            return null;
        }

        var hashPolicies = HashPolicyDecoder.Decode(action.HashPolicy, context);
        var unsupported = clusters.Unsupported ?? Unsupported(action) ?? mirrors.Unsupported ?? retries.Unsupported;
        var hedge = HedgePolicyDecoder.Decode(action.HedgePolicy, defaults.Hedge, context);
        var forward = RouteTimeouts.Add(new ForwardActionConfig(clusters.Clusters ?? [], null, retries.Policy), action, context);
        return unsupported is null
            ? forward with
            {
                HedgeOnPerTryTimeout = hedge && retries.Policy is { PerTryTimeout: not null },
                ReplayLimit = defaults.ReplayLimit,
                AttemptCountInRequest = defaults.AttemptCountInRequest,
                AttemptCountInResponse = defaults.AttemptCountInResponse,
                PathRewrite = path,
                HostRewrite = host,
                AppendForwardedHost = action.AppendXForwardedHost,
                Mirrors = mirrors.Mirrors,
                HashPolicies = hashPolicies,
            }
            : new UnsupportedActionConfig($"{unsupported} is not supported");
    }

    private static ClusterDecoding Clusters(RouteAction action, DecodeContext context)
    {
        switch (action.ClusterSpecifierCase)
        {
            case RouteAction.ClusterSpecifierOneofCase.Cluster:
                if (action.Cluster.Length == 0)
                {
                    context.Error("cluster", "must not be empty");
                    return default;
                }

                return new ClusterDecoding([new WeightedClusterConfig(action.Cluster, 1)], null);
            case RouteAction.ClusterSpecifierOneofCase.WeightedClusters:
                using (context.Enter("weighted_clusters"))
                {
                    return WeightedClusterDecoder.Decode(action.WeightedClusters, context);
                }

            case RouteAction.ClusterSpecifierOneofCase.ClusterHeader:
                return new ClusterDecoding(null, "cluster_header");
            case RouteAction.ClusterSpecifierOneofCase.ClusterSpecifierPlugin:
                return new ClusterDecoding(null, "cluster_specifier_plugin");
            default:
                return new ClusterDecoding(null, "this kind of cluster_specifier");
        }
    }

    private static string? Unsupported(RouteAction action) => action switch
    {
        { MetadataMatch.FilterMetadata.Count: > 0 } => "metadata_match",
        { PathRewritePolicy: not null } => "path_rewrite_policy",
        { PathRewrite.Length: > 0 } => "path_rewrite",
        { AutoHostRewrite: true } => "auto_host_rewrite",
        { HostRewriteSpecifierCase: not (HostRewrite.None or HostRewrite.AutoHostRewrite or HostRewrite.HostRewriteLiteral) } => "host_rewrite_specifier",
        { InternalRedirectAction: not RouteAction.Types.InternalRedirectAction.PassThroughInternalRedirect } => "internal_redirect_action",
        { RetryPolicyTypedConfig: not null } => "retry_policy_typed_config",
        { RateLimits.Count: > 0 } => "rate_limits",
        { InternalRedirectPolicy: not null } => "internal_redirect_policy",
        { UpgradeConfigs: { Count: > 0 } upgrades } when upgrades.Any(u => u.ConnectConfig is not null || u.Enabled == false) => "upgrade_configs",
        _ => null,
    };
}
