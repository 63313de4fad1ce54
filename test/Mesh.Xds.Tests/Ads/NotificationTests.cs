using ProxylessMesh.Xds.Ads;

namespace ProxylessMesh.Xds.Tests.Ads;

/// <summary>Rules 12 and 13: who hears what, and when the next response is read.</summary>
public sealed class NotificationTests
{
    [Fact]
    public async Task Rule12_an_equal_value_wakes_nobody()
    {
        await using var mesh = new AdsFixture();
        var (watcher, stream) = await mesh.StartAsync(Note.Full, "a");
        await stream.ExchangeAsync(Note.Full, "1", "n1", Note.Any(Note.Full, "a=x"));
        await stream.ExchangeAsync(Note.Full, "2", "n2", Note.Any(Note.Full, "a=x"));
        await stream.ExchangeAsync(Note.Full, "3", "n3", Note.Any(Note.Full, "a=y"));

        Assert.Equal(["x", "y"], [await watcher.NextAsync(), await watcher.NextAsync()]);
        Assert.Equal("3", (await mesh.ResourceAsync("a")).Version);
    }

    [Fact]
    public async Task Rule12_an_equal_value_ends_an_error_and_an_equal_error_is_said_once()
    {
        await using var mesh = new AdsFixture();
        var (watcher, stream) = await mesh.StartAsync(Note.Full, "a");
        await stream.ExchangeAsync(Note.Full, "1", "n1", Note.Any(Note.Full, "a=x"));
        await stream.ExchangeAsync(Note.Full, "2", "n2", Note.Any(Note.Full, "a=!bad"));
        await stream.ExchangeAsync(Note.Full, "3", "n3", Note.Any(Note.Full, "a=!bad"));
        await stream.ExchangeAsync(Note.Full, "4", "n4", Note.Any(Note.Full, "a=x"));

        Assert.Equal(["x", "ambient Invalid", "x"], [await watcher.NextAsync(), await watcher.NextAsync(), await watcher.NextAsync()]);
    }

    [Fact]
    public async Task Rule12_a_new_watcher_hears_the_cached_value_and_then_the_ambient_error_without_a_request()
    {
        await using var mesh = new AdsFixture();
        var (_, stream) = await mesh.StartAsync(Note.Full, "a");
        await stream.ExchangeAsync(Note.Full, "1", "n1", Note.Any(Note.Full, "a=x"));
        await stream.ExchangeAsync(Note.Full, "2", "n2", Note.Any(Note.Full, "a=!bad"));

        var late = mesh.Watch(Note.Full, "a");

        Assert.Equal(["x", "ambient Invalid"], [await late.NextAsync(), await late.NextAsync()]);
        await mesh.SettleAsync();
        Assert.False(stream.HasRequest);
    }

    [Fact]
    public async Task Rule13_the_next_response_is_read_only_after_watchers_have_finished()
    {
        await using var mesh = new AdsFixture();
        using var entered = new SemaphoreSlim(0);
        using var leave = new SemaphoreSlim(0);
        using var subscription = mesh.Client.Watch(Note.Full, "a", new BlockingWatcher(entered, leave));
        var stream = await mesh.Server.AcceptAsync();
        await stream.NextAsync();

        stream.Send(Note.Full, "1", "n1", Note.Any(Note.Full, "a=x"));
        stream.Send(Note.Full, "2", "n2", Note.Any(Note.Full, "a=y"));
        Assert.True(await entered.WaitAsync(TimeSpan.FromSeconds(30)));
        var readsWhileBusy = stream.Reads;
        leave.Release(2);

        Assert.Equal(1, readsWhileBusy);
        Assert.Equal("n1", (await stream.NextAsync()).ResponseNonce);
        Assert.Equal("n2", (await stream.NextAsync()).ResponseNonce);
    }

    [Fact]
    public async Task A_watcher_that_throws_harms_nobody()
    {
        await using var mesh = new AdsFixture();
        using var subscription = mesh.Client.Watch(Note.Full, "a", new ThrowingWatcher());
        var (watcher, stream) = await mesh.StartAsync(Note.Full, "a");

        var ack = await stream.ExchangeAsync(Note.Full, "1", "n1", Note.Any(Note.Full, "a=x"));

        Assert.Equal("n1", ack.ResponseNonce);
        Assert.Equal("x", await watcher.NextAsync());
        Assert.Contains(mesh.Logs.Entries, e => e.Id.Id == 1108);
    }

    [Fact]
    public async Task A_disposed_watcher_hears_nothing_more()
    {
        await using var mesh = new AdsFixture();
        var gone = mesh.Watch(Note.Full, "a", out var subscription);
        var (stays, stream) = await mesh.StartAsync(Note.Full, "a");
        subscription.Dispose();
        await stream.ExchangeAsync(Note.Full, "1", "n1", Note.Any(Note.Full, "a=x"));

        Assert.Equal("x", await stays.NextAsync());
        Assert.True(gone.IsQuiet);
    }

    [Fact]
    public async Task A_name_dropped_and_wanted_again_before_the_server_heard_keeps_its_value()
    {
        await using var mesh = new AdsFixture();
        mesh.Watch(Note.Full, "a", out var subscription);
        var stream = await mesh.Server.AcceptAsync();
        await stream.NextAsync();
        await stream.ExchangeAsync(Note.Full, "1", "n1", Note.Any(Note.Full, "a=x"));
        var gate = new TaskCompletionSource();
        stream.Writable = gate.Task;

        subscription.Dispose();
        await mesh.SettleAsync();
        var again = mesh.Watch(Note.Full, "a");

        // The server sees no change of names and will not send the resource again.
        Assert.Equal("x", await again.NextAsync());
        gate.SetResult();
    }

    [Fact]
    public async Task Status_tells_where_everything_stands()
    {
        await using var mesh = new AdsFixture();
        var (_, stream) = await mesh.StartAsync(Note.Full, "a");
        mesh.Watch(Note.Full, "b");
        await stream.NextAsync();
        await stream.ExchangeAsync(Note.Full, "1", "n1", Note.Any(Note.Full, "a=x"));

        var status = await mesh.Client.GetStatusAsync();

        Assert.True(status.Connected);
        Assert.Null(status.LastError);
        var type = Assert.Single(status.Types);
        Assert.Equal(("FULL", "1"), (type.ShortName, type.Version));
        Assert.Equal([ResourceStatus.Acked, ResourceStatus.Requested], type.Resources.Select(r => r.Status));
    }

    private sealed class BlockingWatcher(SemaphoreSlim entered, SemaphoreSlim leave) : IResourceWatcher<Note>
    {
        public void OnChanged(Note resource)
        {
            entered.Release();
            Assert.True(leave.Wait(TimeSpan.FromSeconds(30)));
        }

        public void OnMissing(ResourceError error)
        {
        }

        public void OnAmbientError(ResourceError error)
        {
        }
    }

    private sealed class ThrowingWatcher : IResourceWatcher<Note>
    {
        public void OnChanged(Note resource) => throw new InvalidOperationException("a watcher's fault");

        public void OnMissing(ResourceError error) => throw new InvalidOperationException("a watcher's fault");

        public void OnAmbientError(ResourceError error) => throw new InvalidOperationException("a watcher's fault");
    }
}
