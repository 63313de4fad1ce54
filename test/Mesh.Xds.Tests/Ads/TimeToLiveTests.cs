using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Tests.Cache;

namespace ProxylessMesh.Xds.Tests.Ads;

/// <summary>Resources that live for a while only (xDS protocol, "TTL"), in both variants.</summary>
public sealed class TimeToLiveTests
{
    [Fact]
    public async Task Rule08_a_resource_with_a_ttl_goes_when_nobody_renews_it_even_without_a_stream()
    {
        await using var mesh = new AdsFixture();
        var (watcher, stream) = await mesh.StartAsync(Note.Partial, "a");
        await stream.ExchangeAsync(Note.Partial, "1", "n1", Lease("a", 20, "a=x"));
        Assert.Equal("x", await watcher.NextAsync());
        mesh.Server.Refuse = new IOException("refused");
        stream.End();
        Assert.Equal("ambient Unreachable", await WhenAsync(mesh, watcher, 19.9));

        Assert.Equal("missing DoesNotExist", await WhenAsync(mesh, watcher, 0.1));
        Assert.Contains("was not renewed", watcher.LastError!.Message, StringComparison.Ordinal);
        Assert.Equal(ResourceStatus.DoesNotExist, (await mesh.ResourceAsync("a")).Status);
    }

    [Fact]
    public async Task Rule08_a_heartbeat_without_a_body_renews_and_wakes_nobody()
    {
        await using var mesh = new AdsFixture();
        var (watcher, stream) = await mesh.StartAsync(Note.Full, "a");
        await stream.ExchangeAsync(Note.Full, "1", "n1", Lease("a", 20, "a=x", Note.Full));
        for (var i = 0; i < 10; i++)
        {
            mesh.Time.Advance(TimeSpan.FromSeconds(15));
            Assert.Null((await stream.ExchangeAsync(Note.Full, "1", $"h{i}", Lease("a", 20, null), Lease("unknown", 20, null))).ErrorDetail);
        }

        Assert.Equal("x", await watcher.NextAsync());
        Assert.True(watcher.IsQuiet);
        mesh.Time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal("missing DoesNotExist", await watcher.NextAsync());

        // Sent again, it is there again, and lives as long as it is not removed.
        await stream.ExchangeAsync(Note.Full, "2", "n2", Note.Any(Note.Full, "a=y"));
        mesh.Time.Advance(TimeSpan.FromDays(100));
        await mesh.SettleAsync();
        Assert.Equal("y", await watcher.NextAsync());
        Assert.True(watcher.IsQuiet);
    }

    [Fact]
    public async Task Rule24_in_delta_too()
    {
        await using var mesh = new AdsFixture(variant: AdsVariant.Delta);
        var (watcher, stream) = await mesh.StartDeltaAsync(Note.Partial, "a");
        stream.Send(Delta("n1", new Resource { Name = "a", Version = "1", Ttl = Duration.FromTimeSpan(TimeSpan.FromDays(60)), Resource_ = Note.Any(Note.Partial, "a=x") }));
        await stream.NextAsync();
        Assert.Equal("x", await watcher.NextAsync());
        mesh.Time.Advance(TimeSpan.FromDays(59));
        stream.Send(Delta("n2", new Resource { Name = "a", Version = "1", Ttl = Duration.FromTimeSpan(TimeSpan.FromMinutes(1)) }));
        await stream.NextAsync();
        mesh.Time.Advance(TimeSpan.FromSeconds(59));
        await mesh.SettleAsync();
        Assert.True(watcher.IsQuiet);

        mesh.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("missing DoesNotExist", await watcher.NextAsync());

        // The next stream must not say that it is known.
        stream.End();
        mesh.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty((await (await mesh.Server.AcceptDeltaAsync()).NextAsync()).InitialResourceVersions);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-5, 0)]
    [InlineData(0, 999)]
    [InlineData(1, -1)]
    [InlineData(long.MaxValue, 0)]
    [InlineData(5, 1_000_000_000)]
    public async Task Rule09_a_ttl_that_is_no_life_is_refused(long seconds, int nanos)
    {
        await using var mesh = new AdsFixture();
        var (watcher, stream) = await mesh.StartAsync(Note.Partial, "a");
        var nack = await stream.ExchangeAsync(Note.Partial, "1", "n1", Wrap(new()
        {
            Name = "a",
            Ttl = new Duration { Seconds = seconds, Nanos = nanos },
            Resource_ = Note.Any(Note.Partial, "a=x"),
        }));

        Assert.Contains("ttl", nack.ErrorDetail.Message, StringComparison.Ordinal);
        Assert.Equal("missing Invalid", await watcher.NextAsync());
    }

    [Fact]
    public async Task What_ends_does_not_come_back_with_the_next_process()
    {
        using var disk = new CacheFixture();
        await using (var cache = disk.Open())
        await using (var before = new AdsFixture(cache: cache))
        {
            var (watcher, stream) = await before.StartAsync(Note.Full, "a");
            await stream.ExchangeAsync(Note.Full, "1", "n1", Note.Any(Note.Full, "a=lasting"));
            await stream.ExchangeAsync(Note.Full, "2", "n2", Lease("a", 600, "a=passing", Note.Full));
            Assert.Equal(["lasting", "passing"], [await watcher.NextAsync(), await watcher.NextAsync()]);
        }

        await using var again = disk.Open();
        await using var mesh = new AdsFixture(cache: again);
        mesh.Server.Refuse = new IOException("refused");
        Assert.Equal("missing Unreachable", await mesh.Watch(Note.Full, "a").NextAsync());
    }

    private static async Task<string> WhenAsync(AdsFixture mesh, RecordingWatcher watcher, double seconds)
    {
        if (seconds > 1)
        {
            await mesh.Time.WhenArmedAsync(2);
        }

        mesh.Time.Advance(TimeSpan.FromSeconds(seconds));
        return await watcher.NextAsync();
    }

    private static Any Lease(string name, double seconds, string? text, ResourceKind<Note>? kind = null) => Wrap(new()
    {
        Name = name,
        Ttl = Duration.FromTimeSpan(TimeSpan.FromSeconds(seconds)),
        Resource_ = text is null ? null : Note.Any(kind ?? Note.Partial, text),
    });

    private static Any Wrap(Resource resource) =>
        new() { TypeUrl = "type.googleapis.com/envoy.service.discovery.v3.Resource", Value = resource.ToByteString() };

    private static DeltaDiscoveryResponse Delta(string nonce, Resource resource) =>
        new() { TypeUrl = Note.Partial.TypeUrl, Nonce = nonce, Resources = { resource } };
}
