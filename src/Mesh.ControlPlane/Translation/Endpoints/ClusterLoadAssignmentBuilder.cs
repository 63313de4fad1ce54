using Envoy.Config.Core.V3;
using Envoy.Config.Endpoint.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Translation.Clusters;
using ProxylessMesh.Xds.Config;
using IPAddress = System.Net.IPAddress;

namespace ProxylessMesh.ControlPlane.Translation.Endpoints;

/// <summary>The endpoints of a cluster, one group per locality, in an order that depends on nothing but themselves.</summary>
internal static class ClusterLoadAssignmentBuilder
{
    private const string TransportSocketMatchFilter = "envoy.transport_socket_match";

    private static readonly Comparer<LocalityId> s_byText = Comparer<LocalityId>.Create(static (a, b) => string.CompareOrdinal(a.ToString(), b.ToString()));

    /// <summary>For EDS.</summary>
    public static ClusterLoadAssignment? Build(MeshModel model, ProxyView proxy, string name) =>
        ClusterTarget.Find(model, proxy, name) is { } target && target.UsesEds(proxy.Profile) ? Build(model, proxy, target, ipOnly: true) : null;

    /// <summary>For clusters that hold their endpoints themselves, where an address may be a DNS name.</summary>
    public static ClusterLoadAssignment Build(MeshModel model, ProxyView proxy, ClusterTarget target) => Build(model, proxy, target, ipOnly: false);

    private static ClusterLoadAssignment Build(MeshModel model, ProxyView proxy, ClusterTarget target, bool ipOnly)
    {
        var endpoints = Distinct(model.EndpointsOf(target.Service, target.Port, target.SubsetLabels), ipOnly);
        var weights = WeightScale.Fit([.. endpoints.Select(e => e.Endpoint.Workload.Weight)]);
        var result = new ClusterLoadAssignment { ClusterName = target.Name.ToString() };
        var failover = LocalityFailover.For(proxy, target);
        var groups = endpoints
            .Zip(weights, (e, weight) => (e.Endpoint, e.Address, Weight: weight))
            .GroupBy(e => (e.Endpoint.Workload.Locality, Priority: failover?.PriorityOf(e.Endpoint.Workload) ?? 0))
            .OrderBy(g => g.Key.Priority)
            .ThenBy(g => g.Key.Locality.ToString(), StringComparer.Ordinal);
        var (rank, previous) = (-1, -1);
        foreach (var group in groups)
        {
            // Priorities must be contiguous: those that nobody has are left out.
            (rank, previous) = (group.Key.Priority == previous ? rank : rank + 1, group.Key.Priority);
            var locality = new LocalityLbEndpoints
            {
                Locality = ToProto(group.Key.Locality),
                Priority = (uint)rank,
                LoadBalancingWeight = group.Aggregate(0u, (sum, e) => sum + e.Weight),
            };
            locality.LbEndpoints.AddRange(group.Select(e => ToProto(e.Endpoint, e.Address, e.Weight)));
            result.Endpoints.Add(locality);
        }

        LocalityDistributor.Apply(result, proxy, target.Policy);
        return result;
    }

    /// <summary>
    /// Clients reject a list that names an address twice, which happens when a workload restarts on its port before its old
    /// registration has gone. The one that proved its identity stays, so that no unproven one can take the TLS from it.
    /// </summary>
    private static List<(ServiceEndpoint Endpoint, string Address)> Distinct(IEnumerable<ServiceEndpoint> endpoints, bool ipOnly) =>
    [
        .. endpoints
            .Select(e => (Endpoint: e, Address: CanonicalAddress(e.Workload.Address, ipOnly)))
            .Where(e => e.Address is not null && e.Endpoint.Port is > 0 and < 65536)
            .OrderBy(e => e.Address, StringComparer.Ordinal)
            .ThenBy(e => e.Endpoint.Port)
            .ThenByDescending(e => e.Endpoint.Workload.ServiceAccount is not null)
            .ThenBy(e => e.Endpoint.Workload.Id, StringComparer.Ordinal)

            // What several claim that proved nothing, or other accounts.
            .ThenBy(e => e.Endpoint.Workload.ServiceAccount, StringComparer.Ordinal)
            .ThenBy(e => e.Endpoint.Workload.Locality, s_byText)
            .DistinctBy(e => (e.Address, e.Endpoint.Port))
            .Select(e => (e.Endpoint, e.Address!)),
    ];

    /// <summary>Null: an address that cannot stand here, such as a name or a Unix socket in EDS.</summary>
    private static string? CanonicalAddress(string address, bool ipOnly)
    {
        if (IPAddress.TryParse(address, out var ip))
        {
            return ip.ToString();
        }

        return ipOnly || Uri.CheckHostName(address) != UriHostNameType.Dns ? null : HostName.Normalize(address);
    }

    private static LbEndpoint ToProto(ServiceEndpoint endpoint, string address, uint weight)
    {
        var result = new LbEndpoint
        {
            Endpoint = new Envoy.Config.Endpoint.V3.Endpoint
            {
                Address = new Address { SocketAddress = new SocketAddress { Address = address, PortValue = (uint)endpoint.Port } },
            },
            LoadBalancingWeight = weight,
        };
        if (endpoint.MutualTls)
        {
            var match = new Struct { Fields = { [ClusterTls.TlsModeKey] = Value.ForString(ClusterTls.TlsModeMutual) } };
            result.Metadata = new Metadata { FilterMetadata = { [TransportSocketMatchFilter] = match } };
        }

        return result;
    }

    private static Locality ToProto(LocalityId id) =>
        new() { Region = id.Region ?? "", Zone = id.Zone ?? "", SubZone = id.SubZone ?? "" };
}
