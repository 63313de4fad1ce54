using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.RateLimits;

/// <summary>
/// A token bucket in one number, the time at which it was last empty: the tokens are what has flowed in since. They flow steadily,
/// as in Envoy's own bucket, instead of all at once at the end of an interval. Taking is one compare-and-swap.
/// </summary>
internal sealed class TokenBucket
{
    private readonly long _capacity;
    private readonly long _perToken;
    private long _emptyAt;

    /// <param name="config">Size and rate.</param>
    /// <param name="now">It begins full.</param>
    public TokenBucket(TokenBucketConfig config, long now)
    {
        Limit = config.MaxTokens;
        _perToken = Math.Max(1, config.FillInterval.Ticks * TimeSpan.NanosecondsPerTick / config.TokensPerFill);
        _capacity = (long)UInt128.Min((UInt128)config.MaxTokens * (ulong)_perToken, long.MaxValue / 4);
        _emptyAt = now - _capacity;
    }

    /// <summary>Tokens that it holds when full.</summary>
    public uint Limit { get; }

    /// <summary>False: it holds fewer, and nothing was taken.</summary>
    public bool TryTake(long now, uint tokens)
    {
        var price = (long)UInt128.Min((UInt128)tokens * (ulong)_perToken, long.MaxValue / 2);
        while (true)
        {
            var read = Volatile.Read(ref _emptyAt);
            var next = Math.Max(read, now - _capacity) + price;
            if (next > now)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref _emptyAt, next, read) == read)
            {
                return true;
            }
        }
    }

    public uint Remaining(long now) => (uint)Math.Clamp((now - Volatile.Read(ref _emptyAt)) / _perToken, 0, Limit);

    /// <summary>Whole seconds until there is a token again, rounded up; 0 when there is one.</summary>
    public long SecondsToNext(long now)
    {
        var wait = Volatile.Read(ref _emptyAt) + _perToken - now;
        return wait <= 0 ? 0 : (wait + 999_999_999) / 1_000_000_000;
    }

    /// <summary>Whether forgetting it would change nothing.</summary>
    public bool IsFull(long now) => now - Volatile.Read(ref _emptyAt) >= _capacity;
}
