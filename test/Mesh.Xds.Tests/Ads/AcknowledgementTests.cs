using Envoy.Service.Discovery.V3;
using Google.Protobuf;

namespace ProxylessMesh.Xds.Tests.Ads;

/// <summary>Rules 1 to 5, 7 to 9 of the state-of-the-world protocol.</summary>
public sealed class AcknowledgementTests
{
    [Fact]
    public async Task Rule01_node_stands_in_the_first_request_only()
    {
        await using var mesh = new AdsFixture();
        mesh.Watch(Note.Full, "a");
        var stream = await mesh.Server.AcceptAsync();

        var first = await stream.NextAsync();
        var ack = await stream.ExchangeAsync(Note.Full, "1", "n1", Note.Any(Note.Full, "a=x"));

        Assert.Equal(AdsFixture.Node().Id, first.Node.Id);
        Assert.Equal("reviews-v1.default", first.Node.Cluster);
        Assert.Equal("zone", first.Node.Locality.Zone);
        Assert.Equal("default", first.Node.Metadata.Fields["NAMESPACE"].StringValue);
        Assert.Equal("proxyless-mesh", first.Node.UserAgentName);
        Assert.NotEmpty(first.Node.UserAgentVersion);
        Assert.Equal(["envoy.lb.does_not_support_overprovisioning", "xds.config.resource-in-sotw"], first.Node.ClientFeatures);
        Assert.Equal(("", "", "test/full"), (first.VersionInfo, first.ResponseNonce, first.TypeUrl));
        Assert.Null(ack.Node);
    }

    [Fact]
    public async Task Rule02_ack_names_the_new_version_and_nonce()
    {
        await using var mesh = new AdsFixture();
        var (watcher, stream) = await mesh.StartAsync(Note.Full, "a");

        var ack = await stream.ExchangeAsync(Note.Full, "7", "n1", Note.Any(Note.Full, "a=x"));

        Assert.Equal("x", await watcher.NextAsync());
        Assert.Equal(("7", "n1"), (ack.VersionInfo, ack.ResponseNonce));
        Assert.Equal(["a"], ack.ResourceNames);
        Assert.Null(ack.ErrorDetail);
        Assert.True(mesh.Client.FirstResponse.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Rule02_nack_keeps_the_old_version_and_takes_the_new_nonce()
    {
        await using var mesh = new AdsFixture();
        var (watcher, stream) = await mesh.StartAsync(Note.Full, "a");
        var firstNack = await stream.ExchangeAsync(Note.Full, "1", "n1", Note.Any(Note.Full, "a=!bad port"));
        await stream.ExchangeAsync(Note.Full, "2", "n2", Note.Any(Note.Full, "a=x"));
        var secondNack = await stream.ExchangeAsync(Note.Full, "3", "n3", Note.Any(Note.Full, "a=!worse port"));

        Assert.Equal(("", "n1", 3), (firstNack.VersionInfo, firstNack.ResponseNonce, firstNack.ErrorDetail.Code));
        Assert.Contains("bad port", firstNack.ErrorDetail.Message, StringComparison.Ordinal);
        Assert.Equal(("2", "n3", 3), (secondNack.VersionInfo, secondNack.ResponseNonce, secondNack.ErrorDetail.Code));
        Assert.Equal("missing Invalid", await watcher.NextAsync());
        Assert.Equal("x", await watcher.NextAsync());
        Assert.Equal("ambient Invalid", await watcher.NextAsync());
    }

    [Fact]
    public async Task Rule03_types_are_independent()
    {
        await using var mesh = new AdsFixture();
        var (_, stream) = await mesh.StartAsync(Note.Full, "a");
        mesh.Watch(Note.Partial, "b");
        await stream.NextAsync();
        await stream.ExchangeAsync(Note.Partial, "1", "p1", Note.Any(Note.Partial, "b=y"));
        await stream.ExchangeAsync(Note.Full, "1", "f1", Note.Any(Note.Full, "a=!no"));

        mesh.Watch(Note.Partial, "c");
        var request = await stream.NextAsync();

        Assert.Equal(("1", "p1"), (request.VersionInfo, request.ResponseNonce));
        Assert.Null(request.ErrorDetail);
    }

    [Fact]
    public async Task Rule04_subscribing_sends_all_names_with_the_last_version_and_nonce()
    {
        await using var mesh = new AdsFixture();
        var (_, stream) = await mesh.StartAsync(Note.Full, "a");
        mesh.Watch(Note.Full, "b");
        var early = await stream.NextAsync();
        await stream.ExchangeAsync(Note.Full, "1", "n1", Note.Any(Note.Full, "a=x"));
        mesh.Watch(Note.Full, "c");
        var late = await stream.NextAsync();

        Assert.Equal(["a", "b"], early.ResourceNames);
        Assert.Equal("", early.ResponseNonce);
        Assert.Equal(["a", "b", "c"], late.ResourceNames);
        Assert.Equal(("1", "n1"), (late.VersionInfo, late.ResponseNonce));
    }

    [Fact]
    public async Task Rule05_the_last_unsubscription_sends_an_empty_list()
    {
        await using var mesh = new AdsFixture();
        mesh.Watch(Note.Full, "a", out var first);
        mesh.Watch(Note.Full, "a", out var second);
        var stream = await mesh.Server.AcceptAsync();
        await stream.NextAsync();
        await stream.ExchangeAsync(Note.Full, "1", "n1", Note.Any(Note.Full, "a=x"));

        first.Dispose();
        await mesh.SettleAsync();
        Assert.False(stream.HasRequest);
        second.Dispose();
        var last = await stream.NextAsync();

        Assert.Empty(last.ResourceNames);
        Assert.Equal(("1", "n1"), (last.VersionInfo, last.ResponseNonce));
    }

    [Fact]
    public async Task Rule07_a_type_that_was_not_asked_for_gets_no_answer()
    {
        await using var mesh = new AdsFixture();
        var (watcher, stream) = await mesh.StartAsync(Note.Full, "a");

        stream.Send(new DiscoveryResponse { TypeUrl = "test/other", VersionInfo = "1", Nonce = "o1" });
        var next = await stream.ExchangeAsync(Note.Full, "1", "n1", Note.Any(Note.Full, "a=x"));

        Assert.Equal("test/full", next.TypeUrl);
        Assert.Equal("x", await watcher.NextAsync());
    }

    [Fact]
    public async Task Rule07_a_resource_that_was_not_asked_for_is_ignored_and_acknowledged()
    {
        await using var mesh = new AdsFixture();
        var (watcher, stream) = await mesh.StartAsync(Note.Full, "a");

        var ack = await stream.ExchangeAsync(
            Note.Full, "1", "n1", Note.Any(Note.Full, "z=!bad"), Note.Any(Note.Full, "y=good"), Note.Any(Note.Full, "a=x"));

        Assert.Null(ack.ErrorDetail);
        Assert.Equal("x", await watcher.NextAsync());
    }

    [Fact]
    public async Task Rule08_resource_wrappers_are_opened()
    {
        await using var mesh = new AdsFixture();
        var (watcher, stream) = await mesh.StartAsync(Note.Full, "a");

        var ack = await stream.ExchangeAsync(Note.Full, "1", "n1", Note.Wrapped(Note.Full, "a", "a=x"));
        var nack = await stream.ExchangeAsync(Note.Full, "2", "n2", Note.Wrapped(Note.Full, "a", "unreadable"));

        Assert.Null(ack.ErrorDetail);
        Assert.Equal("x", await watcher.NextAsync());
        // The wrapper's name tells whose the unreadable bytes are.
        Assert.Contains("\"a\"", nack.ErrorDetail.Message, StringComparison.Ordinal);
        Assert.Equal("ambient Invalid", await watcher.NextAsync());
    }

    [Fact]
    public async Task Rule09_one_nack_lists_all_errors_and_valid_resources_are_used()
    {
        await using var mesh = new AdsFixture();
        var (a, stream) = await mesh.StartAsync(Note.Partial, "a");
        var b = mesh.Watch(Note.Partial, "b");
        var c = mesh.Watch(Note.Partial, "c");
        await mesh.SettleAsync();

        stream.Send(
            Note.Partial,
            "1",
            "n1",
            Note.Any(Note.Partial, "a=!first reason"),
            Note.Any(Note.Partial, "b=good"),
            Note.Any(Note.Full, "c=wrong type"),
            Note.Any(Note.Partial, "nameless"),
            Note.Any(Note.Partial, "c=!second reason"));
        var nack = await stream.NextAsync();
        while (nack.ErrorDetail is null)
        {
            nack = await stream.NextAsync();
        }

        Assert.Equal("missing Invalid", await a.NextAsync());
        Assert.Equal("good", await b.NextAsync());
        Assert.Equal("missing Invalid", await c.NextAsync());
        Assert.Contains("first reason", nack.ErrorDetail.Message, StringComparison.Ordinal);
        Assert.Contains("second reason", nack.ErrorDetail.Message, StringComparison.Ordinal);
        Assert.Contains("resources[2]", nack.ErrorDetail.Message, StringComparison.Ordinal);
        Assert.Contains("resources[3]", nack.ErrorDetail.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rule09_duplicate_names_are_rejected()
    {
        await using var mesh = new AdsFixture();
        var (watcher, stream) = await mesh.StartAsync(Note.Full, "a");
        await stream.ExchangeAsync(Note.Full, "1", "n1", Note.Any(Note.Full, "a=x"));

        var nack = await stream.ExchangeAsync(Note.Full, "2", "n2", Note.Any(Note.Full, "a=y"), Note.Any(Note.Full, "a=z"));

        Assert.Contains("more than once", nack.ErrorDetail.Message, StringComparison.Ordinal);
        Assert.Equal("x", await watcher.NextAsync());
        Assert.Equal("ambient Invalid", await watcher.NextAsync());
    }
}
