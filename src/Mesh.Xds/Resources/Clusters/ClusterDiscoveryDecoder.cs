using Envoy.Config.Cluster.V3;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources.Endpoints;

namespace ProxylessMesh.Xds.Resources.Clusters;

/// <summary>Cluster.type and what each type asks for.</summary>
internal static class ClusterDiscoveryDecoder
{
    public static ClusterDiscovery? Decode(Cluster cluster, DecodeContext context)
    {
        if (cluster.ClusterDiscoveryTypeCase == Cluster.ClusterDiscoveryTypeOneofCase.Type)
        {
            switch (cluster.Type)
            {
                case Cluster.Types.DiscoveryType.Eds:
                    return ClusterDiscovery.Eds;
                case Cluster.Types.DiscoveryType.Static:
                    return ClusterDiscovery.Static;
                case Cluster.Types.DiscoveryType.StrictDns:
                    return ClusterDiscovery.StrictDns;
                case Cluster.Types.DiscoveryType.LogicalDns:
                    return ClusterDiscovery.LogicalDns;
                case Cluster.Types.DiscoveryType.OriginalDst:
                    return ClusterDiscovery.PassThrough;
            }
        }

        if (AggregateDecoder.IsAggregate(cluster))
        {
            return ClusterDiscovery.Aggregate;
        }

        context.Error("type", "is missing or not supported");
        return null;
    }

    /// <summary>The name to ask EDS for. A cluster named in the xdstp scheme must say it (gRFC A47).</summary>
    public static string EdsServiceName(Cluster cluster, ClusterDiscovery discovery, DecodeContext context)
    {
        if (discovery != ClusterDiscovery.Eds)
        {
            return cluster.Name;
        }

        if (cluster.EdsClusterConfig is not { } eds)
        {
            context.Error("eds_cluster_config", "is missing");
            return cluster.Name;
        }

        using (context.Enter("eds_cluster_config"))
        {
            ConfigSources.RequireSameStream(eds.EdsConfig, "eds_config", context);
            if (eds.ServiceName.Length == 0 && cluster.Name.StartsWith("xdstp:", StringComparison.Ordinal))
            {
                context.Error("service_name", "must be set when the cluster's name is an xdstp one");
            }
        }

        return eds.ServiceName.Length == 0 ? cluster.Name : eds.ServiceName;
    }

    public static EndpointsConfig? InlineEndpoints(Cluster cluster, ClusterDiscovery discovery, DecodeContext context)
    {
        if (discovery is ClusterDiscovery.Eds or ClusterDiscovery.PassThrough or ClusterDiscovery.Aggregate)
        {
            context.Refuse(cluster.LoadAssignment is not null, "load_assignment of a cluster of this type");
            return null;
        }

        if (cluster.LoadAssignment is not { } assignment)
        {
            context.Error("load_assignment", "is missing");
            return null;
        }

        using (context.Enter("load_assignment"))
        {
            // gRFC A37: a logical DNS cluster is one name.
            if (discovery == ClusterDiscovery.LogicalDns
                && (assignment.Endpoints.Count != 1 || assignment.Endpoints[0].LbEndpoints.Count != 1))
            {
                context.Error("must have exactly one locality with one endpoint");
            }

            return EndpointsDecoder.DecodeInline(assignment, cluster.Name, allowName: discovery is ClusterDiscovery.StrictDns or ClusterDiscovery.LogicalDns, context);
        }
    }
}
