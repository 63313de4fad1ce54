using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Dependencies;

/// <summary>Follows the inbound listener of one bound address (gRFC A36).</summary>
internal sealed class InboundWatch : IDisposable
{
    /// <param name="client">Where resources come from.</param>
    /// <param name="listenerName"><c>xds.istio.io/grpc/lds/inbound/0.0.0.0:9080</c>.</param>
    /// <param name="onListener">A new configuration.</param>
    /// <param name="onMissing">There is none, or only errors; the text says why.</param>
    public InboundWatch(XdsClient client, string listenerName, Action<InboundListenerConfig> onListener, Action<ResourceError> onMissing)
        => throw new NotImplementedException();

    public void Dispose() => throw new NotImplementedException();
}
