using System.Collections.Concurrent;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.RateLimits;

/// <summary>
/// The buckets of a descriptor with open values. Callers choose the values, so the table is bounded, and it forgets only buckets
/// that are full: pushing out others would give whoever floods it new tokens. When none is full, newcomers share one bucket.
/// </summary>
internal sealed class BucketTable
{
    private const long SweepInterval = 1_000_000_000;

    private readonly TokenBucketConfig _config;
    private readonly int _max;
    private readonly ConcurrentDictionary<string, TokenBucket> _buckets = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TokenBucket>.AlternateLookup<ReadOnlySpan<char>> _byText;
    private readonly TokenBucket _others;
    private int _count;
    private long _nextSweep;

    public BucketTable(TokenBucketConfig config, int max, long now)
    {
        _config = config;
        _max = max;
        _byText = _buckets.GetAlternateLookup<ReadOnlySpan<char>>();
        _others = new TokenBucket(config, now);
        _nextSweep = now;
    }

    public int Count => Volatile.Read(ref _count);

    public TokenBucket Find(ReadOnlySpan<char> name, long now) => _byText.TryGetValue(name, out var known) ? known : Add(name, now);

    private TokenBucket Add(ReadOnlySpan<char> name, long now)
    {
        if (Count >= _max)
        {
            Sweep(now);
            if (Count >= _max)
            {
                return _others;
            }
        }

        var bucket = new TokenBucket(_config, now);
        if (_byText.TryAdd(name, bucket))
        {
            Interlocked.Increment(ref _count);
            return bucket;
        }

        return _byText.TryGetValue(name, out var other) ? other : _others;
    }

    // One request in a second does it; the others meanwhile share.
    private void Sweep(long now)
    {
        var due = Volatile.Read(ref _nextSweep);
        if (now < due || Interlocked.CompareExchange(ref _nextSweep, now + SweepInterval, due) != due)
        {
            return;
        }

        foreach (var entry in _buckets)
        {
            if (entry.Value.IsFull(now) && _buckets.TryRemove(entry))
            {
                Interlocked.Decrement(ref _count);
            }
        }
    }
}
