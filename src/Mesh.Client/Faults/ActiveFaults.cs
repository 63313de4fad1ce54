namespace ProxylessMesh.Client.Faults;

/// <summary>How many faults of this process are under way (gRFC A33, max_active_faults counts per process).</summary>
internal sealed class ActiveFaults
{
    private int _count;

    /// <summary>Takes a place among at most <paramref name="limit"/>; null = no limit.</summary>
    public bool TryEnter(uint? limit)
    {
        if (Interlocked.Increment(ref _count) <= (limit ?? int.MaxValue))
        {
            return true;
        }

        Leave();
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _count);
}
