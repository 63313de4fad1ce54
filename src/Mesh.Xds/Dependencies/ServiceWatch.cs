using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Dependencies;

/// <summary>
/// Follows one outbound listener through its route configuration to clusters and endpoints, and publishes a whole snapshot
/// whenever one is complete (gRFC A74): a route is held back until every cluster and endpoint list that it names has arrived
/// or is known to be missing. Meanwhile the clusters of the routes in force go on being kept up to date. What a snapshot no
/// longer names is unsubscribed after it has been published.
/// </summary>
internal sealed class ServiceWatch : IDisposable
{
    private readonly XdsClient _client;
    private readonly Action<ServiceState> _onChanged;
    private readonly DependencySet<ListenerConfig> _listeners;
    private readonly DependencySet<RouteConfig> _routes;
    private readonly SnapshotBuilder _builder;
    private readonly string _listenerName;
    private volatile bool _disposed;
    private bool _scheduled;
    private ServiceState? _state;

    /// <param name="client">Where resources come from.</param>
    /// <param name="listenerName"><c>reviews:9080</c>: what LDS is asked for.</param>
    /// <param name="onChanged">Called one at a time, on the client's event loop, first when the first state is known. Must not block.</param>
    public ServiceWatch(XdsClient client, string listenerName, Action<ServiceState> onChanged)
        : this(client, ServiceResourceKinds.Standard, listenerName, onChanged)
    {
    }

    internal ServiceWatch(XdsClient client, ServiceResourceKinds kinds, string listenerName, Action<ServiceState> onChanged)
    {
        _client = client;
        _onChanged = onChanged;
        _listenerName = listenerName;
        _listeners = new(client, kinds.Listener, Schedule);
        _routes = new(client, kinds.Route, Schedule);
        _builder = new SnapshotBuilder(new(client, kinds.Cluster, Schedule), new(client, kinds.Endpoints, Schedule));
        client.Post(Update);
    }

    /// <summary>No call to <c>onChanged</c> begins after this.</summary>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _client.Post(() =>
            {
                _listeners.Dispose();
                _routes.Dispose();
                _builder.Dispose();
            });
        }
    }

    // One response may change many resources; they are looked at together, once it is taken in.
    private void Schedule()
    {
        if (!_scheduled)
        {
            _scheduled = true;
            _client.Post(Update);
        }
    }

    private void Update()
    {
        _scheduled = false;
        if (_disposed)
        {
            return;
        }

        var listener = _listeners.Use(_listenerName);
        if (listener.Value is OutboundListenerConfig outbound)
        {
            Follow(outbound);
        }
        else if (listener.Value is not null)
        {
            Publish(ServiceState.Failed(new(ResourceErrorKind.Invalid, $"LDS \"{_listenerName}\" is an inbound listener, not one for calls")));
        }
        else if (listener.Error is { } error)
        {
            Publish(error.Kind is ResourceErrorKind.DoesNotExist or ResourceErrorKind.NotAnswered ? ServiceState.DoesNotExist : ServiceState.Failed(error));
        }

        _routes.DropUnused();
        _builder.DropUnused();
    }

    private void Follow(OutboundListenerConfig listener)
    {
        var current = _state?.Snapshot;
        var routes = listener.Http.InlineRoutes;
        if (routes is null)
        {
            var dependency = _routes.Use(listener.Http.RouteConfigName ?? "");
            routes = dependency.Value;
            if (dependency.Error is { } error && (current is null || dependency.WasDropped))
            {
                Publish(ServiceState.Failed(error));
                return;
            }
        }

        if (routes is not null && _builder.TryBuild(listener, routes, current) is { } next)
        {
            Publish(ServiceState.Known(next));
        }
        else if (current is not null)
        {
            // The new routes are not complete, and those in force must not grow stale behind them.
            Publish(ServiceState.Known(_builder.Refresh(current)));
        }
    }

    private void Publish(ServiceState next)
    {
        if (_state is null || (next.Snapshot is null ? next != _state : !ReferenceEquals(next.Snapshot, _state.Snapshot)))
        {
            _state = next;
            _onChanged(next);
        }
    }
}
