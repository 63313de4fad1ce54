using ProxylessMesh.Client.Clusters;

namespace ProxylessMesh.Client.LoadBalancing;

/// <summary>One after the other, in the slots' order, all callers sharing one turn.</summary>
internal sealed class RoundRobin(Endpoint[] slots, Turn turn) : Balancer
{
    public override Endpoint Pick(ulong hash, int attempt) => slots[turn.Next(slots.Length)];
}
