using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.Xds.Tests.Ads;

/// <summary>Delta: what a new stream begins with, and servers that do not speak it.</summary>
public sealed class DeltaReconnectTests
{
    [Fact]
    public async Task Rule14_25_a_new_stream_tells_what_is_known_and_subscribes_to_what_is_watched()
    {
        await using var mesh = Start();
        var (watcher, stream) = await mesh.StartDeltaAsync(Note.Full, "a");
        mesh.Watch(Note.Full, "never");
        mesh.Watch(Note.Full, "b", out var dropped);
        await mesh.SettleAsync();
        stream.Send(Note.Full, "n1", "never", "a@v1=x", "b@v2=y");
        while ((await stream.NextAsync()).ResponseNonce != "n1")
        {
        }

        dropped.Dispose();
        stream.End();
        await stream.ClosedByClient;
        await mesh.Time.WhenArmedAsync(1);
        mesh.Time.Advance(TimeSpan.FromSeconds(1));
        var second = await mesh.Server.AcceptDeltaAsync();
        var first = await second.NextAsync();

        Assert.NotNull(first.Node);
        Assert.Equal("", first.ResponseNonce);
        Assert.Equal(["a", "never"], first.ResourceNamesSubscribe.Order());
        Assert.Equal(new KeyValuePair<string, string>("a", "v1"), Assert.Single(first.InitialResourceVersions));
        await second.ExchangeAsync(Note.Full, "m1", "a");
        Assert.Equal(["x", "ambient DoesNotExist"], [await watcher.NextAsync(), await watcher.NextAsync()]);
    }

    [Fact]
    public async Task Rule26_after_a_refusal_the_version_in_force_is_the_one_told_to_the_next_stream()
    {
        await using var mesh = Start();
        var (_, stream) = await mesh.StartDeltaAsync(Note.Full, "a");
        await stream.ExchangeAsync(Note.Full, "n1", "", "a@good=x");
        await stream.ExchangeAsync(Note.Full, "n2", "", "a@bad=!no");

        mesh.Client.UpdateNode(AdsFixture.Node("[1]"));
        var first = await (await mesh.Server.AcceptDeltaAsync()).NextAsync();

        Assert.Equal(new KeyValuePair<string, string>("a", "good"), Assert.Single(first.InitialResourceVersions));
    }

    [Fact]
    public async Task A_server_without_delta_is_spoken_to_in_state_of_the_world_at_once_and_for_ever()
    {
        await using var mesh = new AdsFixture(variant: AdsVariant.Auto);
        mesh.Server.RefuseDelta = new GrpcException(GrpcStatusCode.Unimplemented, "no such method");
        var watcher = mesh.Watch(Note.Full, "a");
        await mesh.Server.AcceptDeltaAsync();

        var stream = await mesh.Server.AcceptAsync();
        Assert.NotNull((await stream.NextAsync()).Node);
        await stream.ExchangeAsync(Note.Full, "1", "n1", Note.Any(Note.Full, "a=x"));
        Assert.Equal("x", await watcher.NextAsync());
        Assert.True(watcher.IsQuiet);
        Assert.Contains(mesh.Logs.Entries, e => e.Id.Id == 1110);

        mesh.Client.UpdateNode(AdsFixture.Node("[1]"));
        Assert.Equal("1", (await (await mesh.Server.AcceptAsync()).NextAsync()).VersionInfo);
    }

    [Theory]
    [InlineData(AdsVariant.Delta, GrpcStatusCode.Unimplemented)]
    [InlineData(AdsVariant.Auto, GrpcStatusCode.Unavailable)]
    internal async Task Nothing_else_makes_it_fall_back(AdsVariant variant, GrpcStatusCode status)
    {
        await using var mesh = new AdsFixture(variant: variant);
        mesh.Server.RefuseDelta = new GrpcException(status, "no");
        var watcher = mesh.Watch(Note.Full, "a");

        Assert.Equal("missing Unreachable", await watcher.NextAsync());
        await mesh.Server.AcceptDeltaAsync();
        await mesh.Time.WhenArmedAsync(1);
        mesh.Time.Advance(TimeSpan.FromSeconds(1));
        await mesh.Server.AcceptDeltaAsync();
    }

    private static AdsFixture Start(XdsServerFeatures? features = null) => new(features, variant: AdsVariant.Delta);
}
