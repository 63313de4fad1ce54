using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources;

namespace ProxylessMesh.Xds.Dependencies;

/// <summary>Follows the inbound listener of one bound address (gRFC A36). Calls come one at a time, on the client's event loop.</summary>
internal sealed class InboundWatch : IDisposable, IResourceWatcher<ListenerConfig>
{
    private readonly Action<InboundListenerConfig> _onListener;
    private readonly Action<ResourceError> _onMissing;
    private readonly string _listenerName;
    private readonly IDisposable _subscription;
    private InboundListenerConfig? _current;

    /// <param name="client">Where resources come from.</param>
    /// <param name="listenerName"><c>xds.istio.io/grpc/lds/inbound/0.0.0.0:9080</c>.</param>
    /// <param name="onListener">A new configuration.</param>
    /// <param name="onMissing">There is none, or only errors; the text says why.</param>
    public InboundWatch(XdsClient client, string listenerName, Action<InboundListenerConfig> onListener, Action<ResourceError> onMissing)
        : this(client, ResourceKinds.Listener, listenerName, onListener, onMissing)
    {
    }

    internal InboundWatch(
        XdsClient client,
        ResourceKind<ListenerConfig> kind,
        string listenerName,
        Action<InboundListenerConfig> onListener,
        Action<ResourceError> onMissing)
    {
        _listenerName = listenerName;
        _onListener = onListener;
        _onMissing = onMissing;
        _subscription = client.Watch(kind, listenerName, this);
    }

    public void Dispose() => _subscription.Dispose();

    void IResourceWatcher<ListenerConfig>.OnChanged(ListenerConfig resource)
    {
        if (resource is not InboundListenerConfig inbound)
        {
            Missing(new(ResourceErrorKind.Invalid, $"LDS \"{_listenerName}\" is a listener for calls, not an inbound one"));
        }
        else if (inbound != _current)
        {
            _current = inbound;
            _onListener(inbound);
        }
    }

    void IResourceWatcher<ListenerConfig>.OnMissing(ResourceError error)
    {
        // A deleted listener is a workload that leaves: its last requests are judged as the ones before.
        if (_current is null || error.Kind != ResourceErrorKind.DoesNotExist)
        {
            Missing(error);
        }
    }

    // The listener in force stays.
    void IResourceWatcher<ListenerConfig>.OnAmbientError(ResourceError error)
    {
    }

    private void Missing(ResourceError error)
    {
        _current = null;
        _onMissing(error);
    }
}
