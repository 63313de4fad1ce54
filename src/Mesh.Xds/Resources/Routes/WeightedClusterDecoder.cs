using Envoy.Config.Route.V3;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources.Faults;
using ClusterWeight = Envoy.Config.Route.V3.WeightedCluster.Types.ClusterWeight;

namespace ProxylessMesh.Xds.Resources.Routes;

/// <summary>WeightedCluster (gRFC A28): weight 0 is left out, the others add up to 1..2^32-1. total_weight is obsolete.</summary>
internal static class WeightedClusterDecoder
{
    public static ClusterDecoding Decode(WeightedCluster weighted, DecodeContext context)
    {
        var clusters = new List<WeightedClusterConfig>(weighted.Clusters.Count);
        string? unsupported = weighted.RandomValueSpecifierCase == WeightedCluster.RandomValueSpecifierOneofCase.HeaderName ? "header_name"
            : weighted.UseHashPolicy == true ? "use_hash_policy"
            : null;
        var total = 0UL;
        for (var i = 0; i < weighted.Clusters.Count; i++)
        {
            var cluster = weighted.Clusters[i];
            var weight = cluster.Weight ?? 0;
            if (weight == 0)
            {
                continue;
            }

            total += weight;
            unsupported ??= Unsupported(cluster);
            if (cluster.Name.Length == 0 && cluster.ClusterHeader.Length == 0)
            {
                using (context.Enter("clusters", i))
                {
                    context.Error("name", "must not be empty");
                }
            }

            using (context.Enter("clusters", i))
            {
                clusters.Add(Decode(cluster, weight, context));
            }
        }

        if (total is 0 or > uint.MaxValue)
        {
            context.Error("clusters", "weights must add up to 1 to 4294967295");
            return default;
        }

        return unsupported is null ? new ClusterDecoding(clusters.ToEquatableArray(), null) : new ClusterDecoding(null, unsupported);
    }

    private static WeightedClusterConfig Decode(ClusterWeight cluster, uint weight, DecodeContext context) => new(cluster.Name, weight)
    {
        Headers = HeaderMutationDecoder.Decode(
            cluster.RequestHeadersToAdd, cluster.RequestHeadersToRemove, cluster.ResponseHeadersToAdd, cluster.ResponseHeadersToRemove, context),
        FilterOverrides = FilterOverrideDecoder.Decode(cluster.TypedPerFilterConfig, context),
        HostRewrite = cluster.HostRewriteLiteral.Length > 0 ? RewriteDecoder.Host(cluster.HostRewriteLiteral, "host_rewrite_literal", context) : null,
    };

    private static string? Unsupported(ClusterWeight cluster) => cluster switch
    {
        { ClusterHeader.Length: > 0 } => "cluster_header",
        { MetadataMatch.FilterMetadata.Count: > 0 } => "metadata_match",
        _ => null,
    };
}
