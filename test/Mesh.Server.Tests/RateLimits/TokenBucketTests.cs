using ProxylessMesh.Server.RateLimits;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.Tests.RateLimits;

public sealed class TokenBucketTests
{
    private const long Second = 1_000_000_000;

    [Fact]
    public void It_begins_full_gives_what_it_holds_and_fills_steadily()
    {
        var bucket = new TokenBucket(new TokenBucketConfig(4, 2, TimeSpan.FromSeconds(1)), now: 0);

        Assert.Equal(4, Taken(bucket, now: 0, tries: 10));
        Assert.Equal(1, bucket.SecondsToNext(0));
        Assert.Equal(0, Taken(bucket, (Second / 2) - 1, 1));
        Assert.Equal(1, Taken(bucket, Second / 2, 2));
        Assert.Equal(4u, bucket.Remaining(100 * Second));
        Assert.Equal(4, Taken(bucket, 100 * Second, 10));
    }

    [Fact]
    public void What_is_more_than_there_is_takes_nothing()
    {
        var bucket = new TokenBucket(new TokenBucketConfig(4, 1, TimeSpan.FromSeconds(1)), now: 0);

        Assert.False(bucket.TryTake(0, 5));
        Assert.Equal(4u, bucket.Remaining(0));
        Assert.True(bucket.TryTake(0, 4));
        Assert.False(bucket.IsFull(0));
        Assert.True(bucket.IsFull(4 * Second));
    }

    [Theory]
    [InlineData(uint.MaxValue, 1u, 24 * 3600)]
    [InlineData(1u, uint.MaxValue, 1)]
    [InlineData(uint.MaxValue, uint.MaxValue, 1)]
    public void Extremes_do_not_overflow(uint size, uint fill, int seconds)
    {
        var bucket = new TokenBucket(new TokenBucketConfig(size, fill, TimeSpan.FromSeconds(seconds)), now: 0);

        Assert.True(bucket.TryTake(0, 1));
        Assert.InRange(bucket.Remaining(0), 0u, size);
        Assert.InRange(bucket.Remaining(long.MaxValue / 2), 1u, size);
    }

    [Fact]
    public async Task Many_at_once_get_no_more_than_there_is()
    {
        var bucket = new TokenBucket(new TokenBucketConfig(1000, 1, TimeSpan.FromHours(1)), now: 0);

        var taken = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Taken(bucket, 0, 1000))));

        Assert.Equal(1000, taken.Sum());
    }

    [Fact]
    public void Taking_allocates_nothing()
    {
        var bucket = new TokenBucket(new TokenBucketConfig(1_000_000, 1, TimeSpan.FromSeconds(1)), now: 0);
        Taken(bucket, 0, 100);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Taken(bucket, 0, 1000);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static int Taken(TokenBucket bucket, long now, int tries)
    {
        var taken = 0;
        for (var i = 0; i < tries; i++)
        {
            taken += bucket.TryTake(now, 1) ? 1 : 0;
        }

        return taken;
    }
}
