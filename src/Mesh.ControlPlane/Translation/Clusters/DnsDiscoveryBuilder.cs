using Envoy.Config.Cluster.V3;
using Envoy.Config.Endpoint.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.ControlPlane.Resources;
using Types = Envoy.Config.Cluster.V3.Cluster.Types;

namespace ProxylessMesh.ControlPlane.Translation.Clusters;

/// <summary>Clusters of names, with the refresh that Istio sets (MeshConfig.dnsRefreshRate; its cluster builder for the rest).</summary>
internal static class DnsDiscoveryBuilder
{
    private static readonly TimeSpan RefreshRate = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Jitter = TimeSpan.FromMilliseconds(100);

    /// <summary>Envoy's own default would leave a failed look-up alone for the whole refresh rate.</summary>
    private static readonly TimeSpan FailureBase = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FailureMaximum = TimeSpan.FromSeconds(30);

    public static void Apply(Cluster cluster, ServiceEntryResolution resolution, ClusterLoadAssignment endpoints)
    {
        // A logical cluster has exactly one name; without any there is nothing to be found, one way or the other.
        var isLogical = resolution == ServiceEntryResolution.DnsRoundRobin && endpoints.Endpoints is [{ LbEndpoints.Count: 1 }];
        cluster.Type = isLogical ? Types.DiscoveryType.LogicalDns : Types.DiscoveryType.StrictDns;
        cluster.LoadAssignment = endpoints;
        cluster.DnsRefreshRate = RefreshRate.ToDuration();
        cluster.DnsJitter = Jitter.ToDuration();
        cluster.DnsFailureRefreshRate = new Types.RefreshRate { BaseInterval = FailureBase.ToDuration(), MaxInterval = FailureMaximum.ToDuration() };
        cluster.RespectDnsTtl = true;

        // Whether a client has IPv6 is not known here; where a name has both, IPv4 is the safe choice.
        cluster.DnsLookupFamily = Types.DnsLookupFamily.V4Preferred;
    }
}
