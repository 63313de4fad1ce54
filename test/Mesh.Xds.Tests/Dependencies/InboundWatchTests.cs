using System.Threading.Channels;
using ProxylessMesh.Xds.Dependencies;
using ProxylessMesh.Xds.Tests.Ads;

namespace ProxylessMesh.Xds.Tests.Dependencies;

public sealed class InboundWatchTests
{
    private const string Name = "xds.istio.io/grpc/lds/inbound/0.0.0.0:9080";

    [Fact]
    public async Task Follows_the_listener_and_keeps_it_through_bad_news()
    {
        await using var mesh = new AdsFixture();
        var heard = Channel.CreateUnbounded<string>();
        using var watch = new InboundWatch(
            mesh.Client,
            MeshKinds.All.Listener,
            Name,
            l => heard.Writer.TryWrite($"port {l.Port}"),
            e => heard.Writer.TryWrite($"{e.Kind}"));
        var stream = await mesh.Server.AcceptAsync();
        Assert.Equal([Name], (await stream.NextAsync()).ResourceNames);
        var texts = new[] { "inbound 9080", "!bad", "inbound 9080", "inbound 9081", "inline c1", "inbound 9081" };
        for (var i = 0; i < texts.Length; i++)
        {
            await stream.ExchangeAsync(MeshKinds.All.Listener, $"{i}", $"n{i}", MeshKinds.Any(MeshKinds.All.Listener, $"{Name}={texts[i]}"));
        }

        await stream.ExchangeAsync(MeshKinds.All.Listener, "9", "n9");
        heard.Writer.Complete();

        Assert.Equal(["port 9080", "port 9081", "Invalid", "port 9081"], await heard.Reader.ReadAllAsync().ToListAsync());
    }

    [Fact]
    public async Task Silence_means_that_there_is_none()
    {
        await using var mesh = new AdsFixture();
        var heard = new TaskCompletionSource<string>();
        using var watch = new InboundWatch(mesh.Client, MeshKinds.All.Listener, Name, _ => { }, e => heard.TrySetResult($"{e.Kind}"));
        await (await mesh.Server.AcceptAsync()).NextAsync();
        await mesh.Time.WhenArmedAsync(1);
        mesh.Time.Advance(TimeSpan.FromSeconds(15));

        Assert.Equal("NotAnswered", await heard.Task.WaitAsync(TimeSpan.FromSeconds(30)));
    }
}
