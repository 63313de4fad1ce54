using Envoy.Config.Cluster.V3;
using ProxylessMesh.Xds.Config;
using AggregateConfig = Envoy.Extensions.Clusters.Aggregate.V3.ClusterConfig;

namespace ProxylessMesh.Xds.Resources.Clusters;

/// <summary>A cluster made of clusters (gRFC A37). Which type it is, its configuration says; the name is for people.</summary>
internal static class AggregateDecoder
{
    public static bool IsAggregate(Cluster cluster) =>
        cluster.ClusterDiscoveryTypeCase == Cluster.ClusterDiscoveryTypeOneofCase.ClusterType
        && TypedConfig.Is(cluster.ClusterType.TypedConfig, TypeNames.AggregateCluster);

    public static EquatableArray<string> Children(Cluster cluster, DecodeContext context)
    {
        using (context.Enter("cluster_type"))
        {
            if (TypedConfig.Unpack(cluster.ClusterType.TypedConfig, TypeNames.AggregateCluster, AggregateConfig.Parser, "typed_config", context) is not { } config)
            {
                return [];
            }

            if (config.Clusters.Count == 0 || config.Clusters.Any(string.IsNullOrEmpty))
            {
                context.Error("typed_config", "clusters must name one cluster at least, and none without a name");
            }

            return config.Clusters.ToEquatableArray();
        }
    }
}
