namespace ProxylessMesh.Client.OutlierDetection;

/// <summary>Attempts and successes of one endpoint in two buckets: one is written to while the sweep reads the other (gRFC A50).</summary>
internal sealed class RequestCounts
{
    private Bucket _even;
    private Bucket _odd;

    /// <summary>Made when something is first counted: most endpoints of a large service are never called by one process.</summary>
    public static RequestCounts Of(ref RequestCounts? counts) =>
        Volatile.Read(ref counts) ?? Interlocked.CompareExchange(ref counts, new RequestCounts(), null) ?? counts;

    public void Add(int interval, bool success)
    {
        ref var bucket = ref (interval & 1) == 0 ? ref _even : ref _odd;
        Interlocked.Increment(ref bucket.Total);
        if (success)
        {
            Interlocked.Increment(ref bucket.Successes);
        }
    }

    /// <summary>What an interval that is over has counted; the bucket is empty afterwards.</summary>
    public (int Total, int Successes) Take(int interval)
    {
        ref var bucket = ref (interval & 1) == 0 ? ref _even : ref _odd;

        // A late increment may fall between the two reads: a rate above 1 would be nonsense.
        var successes = Interlocked.Exchange(ref bucket.Successes, 0);
        var total = Interlocked.Exchange(ref bucket.Total, 0);
        return (Math.Max(total, successes), successes);
    }

    private struct Bucket
    {
        public int Total;
        public int Successes;
    }
}
