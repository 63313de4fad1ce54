using ProxylessMesh.Client;
using ProxylessMesh.Client.Runtime;
using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Dependencies;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.Server.Hosting;

/// <summary>The mesh that the client's runtime has joined.</summary>
internal sealed class RuntimeInboundMesh(MeshRuntime runtime) : IInboundMesh
{
    public bool Enabled => runtime.Enabled;

    public MeshOptions Options => runtime.Options;

    public IIdentitySource? Identity => runtime.Identity;

    public TimeProvider Time => runtime.Time;

    public IDisposable WatchInbound(string address, Action<InboundListenerConfig> onListener, Action<ResourceError> onMissing) =>
        new InboundWatch(runtime.Xds, runtime.Names.ForAddress(address), onListener, onMissing);

    public HttpMessageHandler CreateHandler(HttpMessageHandler passThrough) => runtime.CreateHandler(passThrough);

    public void SetListeningPorts(IReadOnlyList<KeyValuePair<string, int>> ports, bool acceptsMutualTls) =>
        runtime.SetListeningPorts(ports, acceptsMutualTls);
}
