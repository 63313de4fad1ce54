using ProxylessMesh.Client.Clusters;

namespace ProxylessMesh.Client.LoadBalancing;

/// <summary>One after the other, in the schedule's order, all callers sharing one turn.</summary>
internal static class RoundRobin
{
    public static Endpoint Pick(Endpoint[] schedule, ref uint turn) =>
        schedule[(int)((Interlocked.Increment(ref turn) - 1) % (uint)schedule.Length)];
}
