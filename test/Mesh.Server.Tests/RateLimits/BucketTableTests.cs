using System.Globalization;
using ProxylessMesh.Server.RateLimits;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.Tests.RateLimits;

public sealed class BucketTableTests
{
    private const long Second = 1_000_000_000;

    private readonly BucketTable _table = new(new TokenBucketConfig(2, 1, TimeSpan.FromSeconds(10)), max: 10, now: 0);

    [Fact]
    public void Each_name_has_its_own()
    {
        Assert.True(_table.Find("a", 0).TryTake(0, 2));
        Assert.False(_table.Find("a", 0).TryTake(0, 1));
        Assert.True(_table.Find("b", 0).TryTake(0, 2));
    }

    [Fact]
    public void A_flood_of_names_gives_nobody_new_tokens_and_takes_no_memory()
    {
        _table.Find("abuser", 0).TryTake(0, 2);
        for (var i = 0; i < 10_000; i++)
        {
            _table.Find(i.ToString(CultureInfo.InvariantCulture), Second).TryTake(Second, 1);
        }

        Assert.Equal(10, _table.Count);
        Assert.False(_table.Find("abuser", Second).TryTake(Second, 1));
        Assert.Same(_table.Find("one", Second), _table.Find("other", Second));
    }

    [Fact]
    public void Full_buckets_make_room()
    {
        for (var i = 0; i < 10; i++)
        {
            _table.Find(i.ToString(CultureInfo.InvariantCulture), 0).TryTake(0, 1);
        }

        var later = 100 * Second;
        Assert.NotSame(_table.Find("one", later), _table.Find("other", later));
        Assert.Equal(2, _table.Count);
    }

    [Fact]
    public void Finding_a_known_name_allocates_nothing()
    {
        _table.Find("known", 0);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            _table.Find("known", 0);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
