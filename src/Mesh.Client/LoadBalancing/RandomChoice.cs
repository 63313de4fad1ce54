using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Xds.Randomness;

namespace ProxylessMesh.Client.LoadBalancing;

/// <summary>Any, in proportion to its weight.</summary>
internal sealed class RandomChoice(Endpoint[] slots, IRandomSource random) : Balancer
{
    public override Endpoint Pick(ulong hash, int attempt) => slots[random.Next(slots.Length)];
}
