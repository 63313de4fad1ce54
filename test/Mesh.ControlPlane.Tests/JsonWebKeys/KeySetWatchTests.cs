using ProxylessMesh.ControlPlane.JsonWebKeys;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Jose;

namespace ProxylessMesh.ControlPlane.Tests.JsonWebKeys;

public sealed class KeySetWatchTests
{
    private readonly FakeTime _time = new();
    private readonly KeySetLimits _limits = new();
    private Func<Task<string>> _server = () => Task.FromResult("A");
    private int _fetches;
    private int _changes;

    [Fact]
    public async Task Keys_are_fetched_again_after_twenty_minutes_and_only_changes_are_told()
    {
        using var watch = Start();
        await _time.WhenArmedAsync(1);
        Assert.Equal(("A", 1, 1), (watch.Current, _fetches, _changes));

        _time.Advance(TimeSpan.FromMinutes(19));
        Assert.Equal(1, _fetches);
        await NextAsync(TimeSpan.FromMinutes(1));
        Assert.Equal((2, 1), (_fetches, _changes));

        _server = () => Task.FromResult("B");
        await NextAsync(_limits.Refresh);
        Assert.Equal(("B", 2), (watch.Current, _changes));
    }

    [Fact]
    public async Task The_last_keys_stay_while_their_server_is_away_and_tries_become_rarer()
    {
        using var watch = Start();
        await _time.WhenArmedAsync(1);
        _server = () => throw new KeySetException("away");
        await NextAsync(_limits.Refresh);
        foreach (var seconds in (int[])[2, 4, 8, 16])
        {
            var before = _fetches;
            _time.Advance(TimeSpan.FromSeconds(seconds - 0.1));
            Assert.Equal(before, _fetches);
            await NextAsync(TimeSpan.FromSeconds(0.1));
            Assert.Equal(before + 1, _fetches);
        }

        Assert.Equal("A", watch.Current);
        _server = () => Task.FromResult("B");
        await NextAsync(TimeSpan.FromSeconds(32));
        Assert.Equal("B", watch.Current);
    }

    [Fact]
    public async Task Nothing_is_fetched_any_more_once_disposed()
    {
        var watch = Start();
        await _time.WhenArmedAsync(1);
        watch.Dispose();
        _time.Advance(TimeSpan.FromHours(3));
        Assert.Equal(1, _fetches);
    }

    private KeySetWatch Start()
    {
        var logs = new CollectedLogs();
        var watch = new KeySetWatch(
            new KeySetAddress("https://a.test/keys", false),
            Timeout.InfiniteTimeSpan, // So that the only timer that can be armed is that of the pause.
            _limits,
            (_, _) =>
            {
                Interlocked.Increment(ref _fetches);
                return _server();
            },
            () => Interlocked.Increment(ref _changes),
            _time,
            logs.CreateLogger("keys"));
        watch.Start();
        return watch;
    }

    /// <summary>Moves the clock, and waits until the watch sleeps again.</summary>
    private async Task NextAsync(TimeSpan by)
    {
        var before = Volatile.Read(ref _fetches);
        _time.Advance(by);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (Volatile.Read(ref _fetches) == before)
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        await _time.WhenArmedAsync(1);
    }
}
