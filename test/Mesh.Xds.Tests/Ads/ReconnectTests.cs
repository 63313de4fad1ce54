using System.Text.Json.Nodes;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.Xds.Tests.Ads;

/// <summary>Rule 14, and what becomes of watchers meanwhile.</summary>
public sealed class ReconnectTests
{
    [Fact]
    public async Task Rule14_a_new_stream_begins_with_the_old_version_no_nonce_the_node_and_only_subscribed_types()
    {
        await using var mesh = new AdsFixture();
        mesh.Watch(Note.Partial, "gone", out var subscription);
        var (watcher, stream) = await mesh.StartAsync(Note.Partial, "gone");
        mesh.Watch(Note.Full, "a");
        mesh.Watch(Note.Full, "b");
        await mesh.SettleAsync();
        await stream.NextAsync();
        await stream.ExchangeAsync(Note.Full, "5", "n1", Note.Any(Note.Full, "a=x"), Note.Any(Note.Full, "b=y"));
        subscription.Dispose();
        stream.End();
        await stream.ClosedByClient;
        await mesh.Time.WhenArmedAsync(1);
        mesh.Time.Advance(TimeSpan.FromSeconds(1));

        var second = await mesh.Server.AcceptAsync();
        var requests = new[] { await second.NextAsync(), await second.NextAsync() };

        var full = requests.Single(r => r.TypeUrl == Note.Full.TypeUrl);
        Assert.Equal(("5", ""), (full.VersionInfo, full.ResponseNonce));
        Assert.Equal(["a", "b"], full.ResourceNames);
        Assert.NotNull(requests[0].Node);
        Assert.Null(requests[1].Node);
        Assert.True(watcher.IsQuiet);
    }

    [Fact]
    public async Task Rule14_an_end_after_a_response_is_no_error_and_a_long_lived_stream_is_followed_at_once()
    {
        await using var mesh = new AdsFixture();
        var (watcher, stream) = await mesh.StartAsync(Note.Full, "a");
        await stream.ExchangeAsync(Note.Full, "1", "n1", Note.Any(Note.Full, "a=x"));
        mesh.Time.Advance(TimeSpan.FromMinutes(5));
        stream.Fail(new GrpcException(GrpcStatusCode.Unavailable, "going away"));

        await (await mesh.Server.AcceptAsync()).NextAsync();

        Assert.Equal("x", await watcher.NextAsync());
        Assert.True(watcher.IsQuiet);
    }

    [Fact]
    public async Task Rule14_attempts_without_a_response_are_errors_and_back_off_to_two_minutes()
    {
        await using var mesh = new AdsFixture();
        mesh.Server.Refuse = new GrpcException(GrpcStatusCode.PermissionDenied, "namespace default is not yours");
        var watcher = mesh.Watch(Note.Full, "a");
        await mesh.Server.AcceptAsync();

        Assert.Equal("missing Unreachable", await watcher.NextAsync());
        // gRFC A54: the text may help a reader, the code stays inside.
        Assert.Contains("namespace default is not yours", watcher.LastError!.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("PermissionDenied", watcher.LastError.Message, StringComparison.Ordinal);

        foreach (var seconds in new[] { 1, 1.6, 2.56, 4.096, 6.5536, 10.48576, 16.777216, 26.8435456, 42.94967296, 68.719476736, 109.9511627776, 120, 120 })
        {
            await mesh.Time.WhenArmedAsync(1);
            var before = mesh.Server.Opened;
            mesh.Time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
            await mesh.SettleAsync();
            Assert.Equal(before, mesh.Server.Opened);
            mesh.Time.Advance(TimeSpan.FromMilliseconds(2));
            await mesh.Server.AcceptAsync();
        }

        // Always the same trouble: said once.
        Assert.True(watcher.IsQuiet);
    }

    [Fact]
    public async Task Rule14_a_response_resets_the_back_off()
    {
        await using var mesh = new AdsFixture();
        mesh.Server.Refuse = new IOException("refused");
        var watcher = mesh.Watch(Note.Full, "a");
        foreach (var seconds in new[] { 1, 1.6, 2.56, 4.096, 6.5536, 10.48576 })
        {
            await mesh.Server.AcceptAsync();
            await mesh.Time.WhenArmedAsync(1);
            mesh.Server.Refuse = seconds > 10 ? null : mesh.Server.Refuse;
            mesh.Time.Advance(TimeSpan.FromSeconds(seconds) + TimeSpan.FromMilliseconds(1));
        }

        var stream = await mesh.Server.AcceptAsync();
        await stream.NextAsync();
        await stream.ExchangeAsync(Note.Full, "1", "n1", Note.Any(Note.Full, "a=x"));
        stream.End();
        await stream.ClosedByClient;
        await mesh.Time.WhenArmedAsync(1);
        mesh.Time.Advance(TimeSpan.FromSeconds(1));
        await mesh.Server.AcceptAsync();

        Assert.Equal(["missing Unreachable", "x"], [await watcher.NextAsync(), await watcher.NextAsync()]);
        Assert.True(watcher.IsQuiet);
    }

    [Fact]
    public async Task A_cached_value_outlives_the_control_plane_and_a_known_absence_stays_known()
    {
        await using var mesh = new AdsFixture();
        var (cached, stream) = await mesh.StartAsync(Note.Partial, "a");
        var absent = mesh.Watch(Note.Partial, "b");
        await stream.NextAsync();
        await mesh.Time.WhenArmedAsync(2);
        await stream.ExchangeAsync(Note.Partial, "1", "n1", Note.Any(Note.Partial, "a=x"));
        mesh.Time.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal("missing NotAnswered", await absent.NextAsync());

        mesh.Server.Refuse = new IOException("refused");
        stream.End();
        await mesh.Server.AcceptAsync();

        Assert.Equal(["x", "ambient Unreachable"], [await cached.NextAsync(), await cached.NextAsync()]);
        await mesh.SettleAsync();
        Assert.True(absent.IsQuiet);
        Assert.Equal("missing Unreachable", await mesh.Watch(Note.Partial, "c").NextAsync());
        var status = await mesh.Client.GetStatusAsync();
        Assert.False(status.Connected);
        Assert.Equal("refused", status.LastError);
    }

    [Fact]
    public async Task A_new_node_is_told_on_a_new_stream_at_once_and_nothing_is_lost()
    {
        await using var mesh = new AdsFixture();
        var (watcher, stream) = await mesh.StartAsync(Note.Full, "a");
        await stream.ExchangeAsync(Note.Full, "1", "n1", Note.Any(Note.Full, "a=x"));

        mesh.Client.UpdateNode(AdsFixture.Node(ports: "[9080]"));
        await stream.ClosedByClient;
        var second = await mesh.Server.AcceptAsync();
        var first = await second.NextAsync();

        Assert.Equal("[9080]", first.Node.Metadata.Fields["POD_PORTS"].StringValue);
        Assert.Equal(("1", ""), (first.VersionInfo, first.ResponseNonce));
        Assert.Equal("x", await watcher.NextAsync());
        Assert.True(watcher.IsQuiet);

        // What changes nothing costs no reconnect.
        mesh.Client.UpdateNode(AdsFixture.Node(ports: "[9080]"));
        await mesh.SettleAsync();
        Assert.Equal(2, mesh.Server.Opened);
    }

    [Fact]
    public async Task A_new_node_does_not_wait_for_the_back_off()
    {
        await using var mesh = new AdsFixture();
        mesh.Server.Refuse = new IOException("refused");
        mesh.Watch(Note.Full, "a");
        await mesh.Server.AcceptAsync();
        await mesh.Time.WhenArmedAsync(1);
        mesh.Server.Refuse = null;

        mesh.Client.UpdateNode(AdsFixture.Node(ports: "[9080]"));
        var stream = await mesh.Server.AcceptAsync();

        Assert.Equal("[9080]", (await stream.NextAsync()).Node.Metadata.Fields["POD_PORTS"].StringValue);
    }

    [Fact]
    public void Node_metadata_keeps_its_shape()
    {
        var metadata = new JsonObject
        {
            ["LABELS"] = new JsonObject { ["app"] = "reviews" },
            ["LIST"] = new JsonArray("x", 1.5, true, null),
            ["INTEGER"] = 7,
        };
        var node = NodeMapping.ToNode(AdsFixture.Node() with { Metadata = metadata });

        Assert.Equal("reviews", node.Metadata.Fields["LABELS"].StructValue.Fields["app"].StringValue);
        Assert.Equal(7, node.Metadata.Fields["INTEGER"].NumberValue);
        var list = node.Metadata.Fields["LIST"].ListValue.Values;
        Assert.Equal(("x", 1.5, true, true), (list[0].StringValue, list[1].NumberValue, list[2].BoolValue, list[3].HasNullValue));
    }

    [Fact]
    public void Backoff_spreads_by_a_fifth()
    {
        var backoff = new Backoff(new SeededRandom(1));
        for (var i = 0; i < 1000; i++)
        {
            backoff.Reset();
            Assert.InRange(backoff.Next().TotalSeconds, 0.8, 1.2);
        }
    }

    [Fact]
    public async Task Dispose_ends_the_stream_and_cancels_the_first_response()
    {
        var mesh = new AdsFixture();
        var (watcher, stream) = await mesh.StartAsync(Note.Full, "a");
        await mesh.DisposeAsync();

        await stream.ClosedByClient;
        Assert.True(mesh.Client.FirstResponse.IsCanceled);
        Assert.True(watcher.IsQuiet);
        mesh.Watch(Note.Full, "b");
        await mesh.Client.DisposeAsync();
    }
}
