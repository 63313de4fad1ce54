using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Client.LoadBalancing;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.Tests.LoadBalancing;

/// <summary>Endpoints without connections.</summary>
internal static class SampleEndpoints
{
    public static ClusterMember Member(
        string address, uint weight = 1, int priority = 0, EndpointHealth health = EndpointHealth.Healthy, string zone = "", uint localityWeight = 1, int port = 1) => new(
            new Endpoint(new EndpointKey(address, port, null), $"{address}:{port}", _ => new SocketsHttpHandler()),
            Sample.Endpoint(address, weight, health),
            priority)
    {
        Locality = new MemberLocality(new LocalityId("", zone, ""), localityWeight),
    };

    public static WeightedEndpoint Weighted(string address, int port, double weight = 1) =>
        new(Member(address, port: port).Endpoint, $"{address}:{port}", weight);

    /// <summary>How many of so many picks each address got.</summary>
    public static Dictionary<string, int> Count(Balancer balancer, int picks, Func<int, ulong>? hash = null)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < picks; i++)
        {
            var address = balancer.Pick(hash?.Invoke(i) ?? 0, 0)!.Key.Address;
            counts[address] = counts.GetValueOrDefault(address) + 1;
        }

        return counts;
    }
}
