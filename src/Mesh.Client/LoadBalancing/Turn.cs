namespace ProxylessMesh.Client.LoadBalancing;

/// <summary>A count that all callers share; it outlives the balancers that read it, so that an update does not start the round anew.</summary>
internal sealed class Turn(uint start = 0)
{
    private uint _next = start;

    public uint Next() => Interlocked.Increment(ref _next) - 1;

    public int Next(int length) => (int)(Next() % (uint)length);
}
