using System.Threading.Channels;
using Envoy.Service.Discovery.V3;
using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Cache;
using ProxylessMesh.Xds.Dependencies;
using ProxylessMesh.Xds.Tests.Ads;

namespace ProxylessMesh.Xds.Tests.Dependencies;

/// <summary>A watch of <c>reviews:9080</c>, and the server's end of its stream.</summary>
internal sealed class ServiceFixture : IAsyncDisposable
{
    private readonly Channel<ServiceState> _states = Channel.CreateUnbounded<ServiceState>();
    private int _nonce;

    public ServiceFixture(XdsServerFeatures? features = null, IResourceCache? cache = null)
    {
        Mesh = new AdsFixture(features, cache);
        Watch = new ServiceWatch(Mesh.Client, MeshKinds.All, "reviews:9080", s => _states.Writer.TryWrite(s));
    }

    public AdsFixture Mesh { get; }

    public ServiceWatch Watch { get; }

    public ScriptedStream Stream { get; set; } = null!;

    public bool IsQuiet => !_states.Reader.TryPeek(out _);

    public static async Task<ServiceFixture> StartAsync(XdsServerFeatures? features = null)
    {
        var fixture = new ServiceFixture(features);
        await fixture.ConnectAsync();
        return fixture;
    }

    public async Task ConnectAsync() => Stream = await Mesh.Server.AcceptAsync();

    public async Task<ServiceState> NextAsync() => await _states.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>The next state, which must hold a snapshot, in the notation <c>c1:10.0.0.1,10.0.0.2 c2:! c3:(c1,c2)</c>.</summary>
    public async Task<string> NextSnapshotAsync() => Describe((await NextAsync()).Snapshot!);

    public static string Describe(ServiceSnapshot snapshot) => string.Join(
        ' ',
        snapshot.Clusters.Values.OrderBy(c => c.Name, StringComparer.Ordinal).Select(c =>
            $"{c.Name}:{(c.Leaves.Count > 0 ? "(" + string.Join(',', c.Leaves) + ")" : c.Error is null ? string.Join(',', c.Endpoints!.Localities[0].Endpoints.Select(e => e.Address)) : "!")}"));

    /// <summary>Takes requests until one asks for exactly these names of this type.</summary>
    public async Task<DiscoveryRequest> RequestAsync<T>(ResourceKind<T> kind, params string[] names)
        where T : class
    {
        while (true)
        {
            var request = await Stream.NextAsync();
            if (request.TypeUrl == kind.TypeUrl && request.ResourceNames.Order(StringComparer.Ordinal).SequenceEqual(names))
            {
                return request;
            }
        }
    }

    public void Send<T>(ResourceKind<T> kind, params string[] resources)
        where T : class
    {
        _nonce++;
        Stream.Send(kind, $"v{_nonce}", $"n{_nonce}", [.. resources.Select(r => MeshKinds.Any(kind, r))]);
    }

    /// <summary>Sends, and waits until the client has taken it in and published what followed from it.</summary>
    public async Task SendAndSettleAsync<T>(ResourceKind<T> kind, params string[] resources)
        where T : class
    {
        Send(kind, resources);
        var nonce = $"n{_nonce}";
        while ((await Stream.NextAsync()).ResponseNonce != nonce)
        {
        }

        await Mesh.SettleAsync();
        await Mesh.SettleAsync();
    }

    /// <summary>Brings the service to <c>c1:10.0.0.1</c> by way of <c>routes</c> and <c>e1</c>.</summary>
    public async Task<ServiceSnapshot> BringUpAsync()
    {
        await RequestAsync(MeshKinds.All.Listener, "reviews:9080");
        Send(MeshKinds.All.Listener, "reviews:9080=rds routes");
        await RequestAsync(MeshKinds.All.Route, "routes");
        Send(MeshKinds.All.Route, "routes=c1");
        await RequestAsync(MeshKinds.All.Cluster, "c1");
        Send(MeshKinds.All.Cluster, "c1=eds e1");
        await RequestAsync(MeshKinds.All.Endpoints, "e1");
        Send(MeshKinds.All.Endpoints, "e1=10.0.0.1");
        return (await NextAsync()).Snapshot!;
    }

    public async ValueTask DisposeAsync()
    {
        Watch.Dispose();
        await Mesh.DisposeAsync();
    }
}
