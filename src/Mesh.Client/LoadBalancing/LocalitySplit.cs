using ProxylessMesh.Client.Clusters;

namespace ProxylessMesh.Client.LoadBalancing;

/// <summary>Localities by their weight, one after the other; within the locality its own policy (Envoy, "Locality weighted load balancing").</summary>
internal sealed class LocalitySplit(Balancer[] slots, Turn turn) : Balancer
{
    public override Endpoint? Pick(ulong hash, int attempt) => slots[turn.Next(slots.Length)].Pick(hash, attempt);

    public override void Refresh() => Array.ForEach(slots, static b => b.Refresh());
}
