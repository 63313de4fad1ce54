using Envoy.Service.Discovery.V3;
using ProxylessMesh.Xds.Tests.Cache;
using ProxylessMesh.Xds.Tests.Dependencies;

namespace ProxylessMesh.Xds.Tests.Ads;

/// <summary>A restart while the control plane is gone, or slow.</summary>
public sealed class LastKnownGoodTests : IDisposable
{
    private readonly CacheFixture _disk = new();

    public void Dispose() => _disk.Dispose();

    [Fact]
    public async Task A_failed_first_attempt_brings_out_what_the_last_process_knew_and_a_live_answer_replaces_it()
    {
        await LearnAsync("a=old", "b=same");
        await using var cache = _disk.Open();
        await using var mesh = new AdsFixture(cache: cache);
        mesh.Server.Refuse = new IOException("refused");
        var a = mesh.Watch(Note.Full, "a");
        var b = mesh.Watch(Note.Full, "b");
        var unknown = mesh.Watch(Note.Full, "c");
        await mesh.Server.AcceptAsync();

        Assert.Equal(["old", "ambient Unreachable"], [await a.NextAsync(), await a.NextAsync()]);
        Assert.Equal(["same", "ambient Unreachable"], [await b.NextAsync(), await b.NextAsync()]);
        Assert.Equal("missing Unreachable", await unknown.NextAsync());
        Assert.True((await mesh.ResourceAsync("a")).FromCache);

        // Who comes later hears the same.
        Assert.Equal("old", await mesh.Watch(Note.Full, "a").NextAsync());

        await mesh.Time.WhenArmedAsync(1);
        mesh.Server.Refuse = null;
        mesh.Time.Advance(TimeSpan.FromSeconds(1));
        var stream = await mesh.Server.AcceptAsync();
        await stream.NextAsync();
        await stream.ExchangeAsync(Note.Full, "2", "n1", Note.Any(Note.Full, "a=new"), Note.Any(Note.Full, "b=same"));
        Assert.Equal("new", await a.NextAsync());
        Assert.Equal("same", await b.NextAsync());
        Assert.False((await mesh.ResourceAsync("a")).FromCache);
    }

    [Fact]
    public async Task A_server_that_is_silent_for_a_second_does_so_too()
    {
        await LearnAsync("a=old");
        await using var cache = _disk.Open();
        await using var mesh = new AdsFixture(cache: cache);
        var (watcher, _) = await mesh.StartAsync(Note.Full, "a");
        await mesh.Time.WhenArmedAsync(2);
        mesh.Time.Advance(TimeSpan.FromSeconds(0.9));
        await mesh.SettleAsync();
        Assert.True(watcher.IsQuiet);

        mesh.Time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal("old", await watcher.NextAsync());

        // Rule 11 goes on: the value is not the live server's.
        mesh.Time.Advance(TimeSpan.FromSeconds(14));
        Assert.Equal("missing NotAnswered", await watcher.NextAsync());
    }

    [Fact]
    public async Task A_server_that_answers_in_time_is_never_second_to_the_cache()
    {
        await LearnAsync("a=old");
        await using var cache = _disk.Open();
        await using var mesh = new AdsFixture(cache: cache);
        var (watcher, stream) = await mesh.StartAsync(Note.Full, "a");
        await stream.ExchangeAsync(Note.Full, "2", "n1", Note.Any(Note.Full, "a=new"));
        mesh.Time.Advance(TimeSpan.FromMinutes(1));
        await mesh.SettleAsync();

        Assert.Equal("new", await watcher.NextAsync());
        Assert.True(watcher.IsQuiet);
    }

    [Fact]
    public async Task What_the_live_server_says_does_not_exist_is_dropped_also_from_disk()
    {
        await LearnAsync("a=old");
        await using (var cache = _disk.Open())
        {
            await using var mesh = new AdsFixture(cache: cache);
            var (watcher, stream) = await mesh.StartAsync(Note.Full, "a");
            await mesh.Time.WhenArmedAsync(2);
            mesh.Time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal("old", await watcher.NextAsync());
            stream.Send(new DiscoveryResponse
            {
                TypeUrl = Note.Full.TypeUrl,
                Nonce = "n1",
                ResourceErrors = { new Envoy.Service.Discovery.V3.ResourceError { ResourceName = new() { Name = "a" }, ErrorDetail = new() { Code = 5 } } },
            });
            await stream.NextAsync();
            Assert.Equal("missing DoesNotExist", await watcher.NextAsync());
        }

        Assert.Empty(_disk.Files);
    }

    [Fact]
    public async Task Silence_about_what_nobody_asks_for_any_more_says_nothing()
    {
        await LearnAsync("a=old");
        await using (var cache = _disk.Open())
        {
            await using var mesh = new AdsFixture(cache: cache);
            mesh.Watch(Note.Full, "a", out var subscription);
            var stream = await mesh.Server.AcceptAsync();
            await stream.NextAsync();
            await mesh.Time.WhenArmedAsync(2);
            subscription.Dispose();
            await stream.NextAsync();
            mesh.Time.Advance(TimeSpan.FromMinutes(1));
            await mesh.SettleAsync();
        }

        Assert.Single(_disk.Files);
    }

    [Fact]
    public async Task An_invalid_live_update_leaves_the_stored_value_in_force()
    {
        await LearnAsync("a=old");
        await using var cache = _disk.Open();
        await using var mesh = new AdsFixture(cache: cache);
        var (watcher, stream) = await mesh.StartAsync(Note.Full, "a");
        await mesh.Time.WhenArmedAsync(2);
        mesh.Time.Advance(TimeSpan.FromSeconds(1));
        await stream.ExchangeAsync(Note.Full, "2", "n1", Note.Any(Note.Full, "a=!bad"));

        Assert.Equal(["old", "ambient Invalid"], [await watcher.NextAsync(), await watcher.NextAsync()]);
    }

    [Fact]
    public async Task A_stored_resource_that_no_longer_decodes_is_dropped_with_a_warning()
    {
        await using (var first = _disk.Open())
        {
            first.Store(Note.Full.TypeUrl, "a", "1", "a=!a newer rule refuses it"u8.ToArray());
        }

        await using (var cache = _disk.Open())
        {
            await using var mesh = new AdsFixture(cache: cache);
            mesh.Server.Refuse = new IOException("refused");
            Assert.Equal("missing Unreachable", await mesh.Watch(Note.Full, "a").NextAsync());
            Assert.Contains(mesh.Logs.Entries, e => e.Id.Id == 1107);
        }

        Assert.Empty(_disk.Files);
    }

    [Fact]
    public async Task A_whole_service_survives_a_restart_without_control_plane()
    {
        await using (var cache = _disk.Open())
        {
            await using var service = new ServiceFixture(cache: cache);
            await service.ConnectAsync();
            await service.BringUpAsync();
        }

        await using (var cache = _disk.Open())
        {
            await using var service = new ServiceFixture(cache: cache);
            service.Mesh.Server.Refuse = new IOException("gone");
            Assert.Equal("c1:10.0.0.1", await service.NextSnapshotAsync());
        }
    }

    private async Task LearnAsync(params string[] resources)
    {
        await using var cache = _disk.Open();
        await using var mesh = new AdsFixture(cache: cache);
        foreach (var resource in resources)
        {
            mesh.Watch(Note.Full, resource.Split('=')[0]);
        }

        var stream = await mesh.Server.AcceptAsync();
        await mesh.SettleAsync();
        stream.Send(Note.Full, "1", "n1", [.. resources.Select(r => Note.Any(Note.Full, r))]);
        while ((await stream.NextAsync()).ResponseNonce != "n1")
        {
        }
    }
}
