using Microsoft.Extensions.Logging.Abstractions;
using ProxylessMesh.Client.Calls;
using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Client.Handlers;
using ProxylessMesh.Client.Services;
using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Randomness;

namespace ProxylessMesh.Benchmarks.Harness;

/// <summary>The outbound data plane with a scripted control plane: the same code that AddMesh puts under a client.</summary>
internal sealed class BenchmarkMesh : IAsyncDisposable
{
    private readonly XdsClient _xds;
    private readonly ClusterStore _clusters;
    private readonly OutboundServices _services;
    private readonly OutboundCalls _calls;

    public BenchmarkMesh(
        Uri upstream, Func<ClusterState, EndpointKey, HttpMessageHandler> connections, ScriptedPolicies policies = ScriptedPolicies.None)
    {
        var node = new NodeInfo("bench", "bench", new LocalityId("", "", ""), []);
        var random = SystemRandomSource.Instance;
        _xds = new XdsClient([new ScriptedControlPlane("bench:80", upstream, policies)], node, TimeProvider.System, random, NullLoggerFactory.Instance);
        _clusters = new ClusterStore(connections, TimeProvider.System, random);
        _services = new OutboundServices(_xds, static authority => authority, _clusters, TimeProvider.System, random, NullLogger.Instance);
        _calls = new OutboundCalls(_services, new CallContext(TimeProvider.System, random), TimeSpan.FromSeconds(10), true, NullLogger.Instance);
    }

    public HttpMessageHandler CreateHandler() => new MeshHttpHandler(_calls, new SocketsHttpHandler());

    public async ValueTask DisposeAsync()
    {
        _services.Dispose();
        await _xds.DisposeAsync();
        _clusters.Dispose();
    }
}
