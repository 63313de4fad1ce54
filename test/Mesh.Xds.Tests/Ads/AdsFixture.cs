using System.Text.Json.Nodes;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Cache;
using ProxylessMesh.Xds.Randomness;

namespace ProxylessMesh.Xds.Tests.Ads;

/// <summary>A client, the scripted server that it talks to, and the clock of both.</summary>
internal sealed class AdsFixture : IAsyncDisposable
{
    public AdsFixture(XdsServerFeatures? features = null, IResourceCache? cache = null, AdsVariant variant = AdsVariant.StateOfTheWorld)
    {
        Server = new ScriptedServer(features) { Variant = variant };
        Client = new XdsClient([Server], Node(), Time, new NoJitter(), Logs, cache);
    }

    /// <summary>Several servers; <see cref="Server"/> is the first.</summary>
    public AdsFixture(
        IReadOnlyList<ScriptedServer> servers,
        Dictionary<string, IReadOnlyList<IAdsTransport>>? federation = null,
        IResourceCache? cache = null,
        bool keepContents = false)
    {
        Server = servers[0];
        Client = new XdsClient(servers, Node(), Time, new NoJitter(), Logs, cache, federation, keepContents);
    }

    public FakeTime Time { get; } = new();

    public CollectedLogs Logs { get; } = new();

    public ScriptedServer Server { get; }

    public XdsClient Client { get; }

    public static NodeInfo Node(string ports = "") => new(
        "sidecar~127.0.0.1~reviews-v1-0a1b2c3d.default~default.svc.cluster.local",
        "reviews-v1.default",
        new("region", "zone", "rack"),
        new JsonObject { ["NAMESPACE"] = "default", ["POD_PORTS"] = ports });

    public RecordingWatcher Watch(ResourceKind<Note> kind, string name) => Watch(kind, name, out _);

    public RecordingWatcher Watch(ResourceKind<Note> kind, string name, out IDisposable subscription)
    {
        var watcher = new RecordingWatcher();
        subscription = Client.Watch(kind, name, watcher);
        return watcher;
    }

    /// <summary>Watches, lets the stream begin and returns it with the first request taken.</summary>
    public async Task<(RecordingWatcher Watcher, ScriptedStream Stream)> StartAsync(ResourceKind<Note> kind, string name)
    {
        var watcher = Watch(kind, name);
        var stream = await Server.AcceptAsync();
        await stream.NextAsync();
        return (watcher, stream);
    }

    /// <summary>As <see cref="StartAsync"/>, on a delta stream.</summary>
    public async Task<(RecordingWatcher Watcher, ScriptedDeltaStream Stream)> StartDeltaAsync(ResourceKind<Note> kind, string name)
    {
        var watcher = Watch(kind, name);
        var stream = await Server.AcceptDeltaAsync();
        await stream.NextAsync();
        return (watcher, stream);
    }

    /// <summary>Everything that was posted to the client before has been handled.</summary>
    public async Task SettleAsync() => await Client.GetStatusAsync();

    public async Task<XdsResourceStatus> ResourceAsync(string name) =>
        (await Client.GetStatusAsync()).Types.SelectMany(t => t.Resources).Single(r => r.Name == name);

    public ValueTask DisposeAsync() => Client.DisposeAsync();

    private sealed class NoJitter : IRandomSource
    {
        public int Next(int exclusiveMax) => 0;

        public double NextDouble() => 0.5;
    }
}
