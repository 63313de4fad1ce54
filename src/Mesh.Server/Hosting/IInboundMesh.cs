using ProxylessMesh.Client;
using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.Server.Hosting;

/// <summary>What the inbound side needs of the process's mesh.</summary>
internal interface IInboundMesh
{
    /// <summary>When false, Kestrel and the pipeline stay as the app made them.</summary>
    bool Enabled { get; }

    MeshOptions Options { get; }

    /// <summary>Null where the control plane gives no identity: then no TLS can be served.</summary>
    IIdentitySource? Identity { get; }

    TimeProvider Time { get; }

    /// <summary>Follows one inbound listener until disposed.</summary>
    /// <param name="address">That is bound: <c>0.0.0.0:9080</c>.</param>
    /// <param name="onListener">A new configuration.</param>
    /// <param name="onMissing">There is none; the error says why.</param>
    IDisposable WatchInbound(string address, Action<InboundListenerConfig> onListener, Action<ResourceError> onMissing);

    /// <summary>A handler for the calls that filters make; dispose of it.</summary>
    /// <param name="passThrough">For hosts that the mesh does not know; goes with the handler.</param>
    HttpMessageHandler CreateHandler(HttpMessageHandler passThrough);

    /// <summary>Registers the ports (name, number) as endpoints of the workload; an empty list takes them back.</summary>
    void SetListeningPorts(IReadOnlyList<KeyValuePair<string, int>> ports, bool acceptsMutualTls);
}
