using ProxylessMesh.Client;
using ProxylessMesh.Server.Hosting;
using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.Benchmarks.Sidecar;

/// <summary>A mesh that knows no listener, so that ports accept mutual TLS and plaintext, and judge nobody.</summary>
internal sealed class OpenMesh(IIdentitySource identity) : IInboundMesh
{
    public bool Enabled => true;

    public MeshOptions Options { get; } = new() { DrainDelay = TimeSpan.Zero };

    public IIdentitySource? Identity => identity;

    public TimeProvider Time => TimeProvider.System;

    public IDisposable WatchInbound(string address, Action<InboundListenerConfig> onListener, Action<ResourceError> onMissing)
    {
        onMissing(new ResourceError(ResourceErrorKind.DoesNotExist, "there is none"));
        return new MemoryStream();
    }

    public HttpMessageHandler CreateHandler(HttpMessageHandler passThrough) => passThrough;

    public void SetListeningPorts(IReadOnlyList<KeyValuePair<string, int>> ports, bool acceptsMutualTls)
    {
        // Nobody looks for it.
    }
}
