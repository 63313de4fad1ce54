using ProxylessMesh.Client.Clusters;

namespace ProxylessMesh.Client.LoadBalancing;

/// <summary>
/// An order of the endpoints that each process throws for itself: by u^(1/weight), the highest first, so that each is in front as often as its
/// weight asks (gRFC A113; Efraimidis and Spirakis). The dice are the endpoint's hash, so that an update does not throw again.
/// </summary>
internal static class WeightedShuffle
{
    public static Endpoint[] Of(WeightedEndpoint[] endpoints, ulong seed)
    {
        var keys = Array.ConvertAll(endpoints, e => -Math.Log(Uniform(Xxh64.Hash(e.Endpoint.Authority, seed))) / e.Weight);
        var order = Array.ConvertAll(endpoints, e => e.Endpoint);
        Array.Sort(keys, order);
        return order;
    }

    /// <summary>Between 0 and 1, neither of them: by its upper 53 bits, which are all that a double keeps.</summary>
    private static double Uniform(ulong hash) => ((hash >> 11) + 0.5) / (1UL << 53);
}
