using ProxylessMesh.Client.CircuitBreaking;
using ProxylessMesh.Client.Connections;
using ProxylessMesh.Client.LoadBalancing;
using ProxylessMesh.Client.LoadReports;
using ProxylessMesh.Client.OutlierDetection;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.Clusters;

/// <summary>
/// The long-lived state of one endpoint of a cluster: connections, requests in flight, ejection. It survives configuration
/// updates as long as its address stays, and is disposed when it is gone and its last request has ended.
/// </summary>
internal sealed class Endpoint(EndpointKey key, string authority, Func<EndpointKey, HttpMessageHandler> handlers)
{
    private const int Open = 0;
    private const int Disposed = 1;

    private ConnectionLanes? _connections;
    private EjectionState? _ejection;
    private int _active;
    private int _disposed;
    private volatile bool _retired;

    public EndpointKey Key => key;

    /// <summary><c>127.0.0.1:9080</c>.</summary>
    public string Authority => authority;

    /// <summary>Requests whose response has not been read to its end; what least request compares.</summary>
    public int Active => Volatile.Read(ref _active);

    /// <summary>As the configuration now says; 0 comes first.</summary>
    public int Priority { get; private set; }

    /// <summary>The timestamp of when this client learned of it.</summary>
    public long Since { get; init; }

    /// <summary>Made when something is first recorded: most endpoints of a large service are never called by one process.</summary>
    public EjectionState Ejection =>
        Volatile.Read(ref _ejection) ?? Interlocked.CompareExchange(ref _ejection, new EjectionState(), null) ?? _ejection;

    /// <summary>Null: nothing was recorded so far.</summary>
    public EjectionState? Recorded => Volatile.Read(ref _ejection);

    /// <summary>The last connection to it failed, and no request has been answered since; only known where the policy goes by it.</summary>
    public bool IsUnreachable { get; set; }

    /// <summary>Null: nobody wants to know of its requests.</summary>
    public EndpointLoad? Load { get; set; }

    /// <summary>Null: it has made no weight of reports so far.</summary>
    public EndpointWeight? ReportedWeight { get; private set; }

    /// <summary>Out of the rotation now.</summary>
    public bool IsEjected => Recorded is { Ejected: true };

    /// <summary>The update that last named it; whoever applies updates goes by it.</summary>
    public int Update { get; private set; }

    /// <summary>The cluster's.</summary>
    public CircuitBreaker Breaker { get; init; } = new();

    /// <summary>Where reports make the endpoint's weight, from now on. For whoever applies updates.</summary>
    public EndpointWeight WeightByReports() => ReportedWeight ??= new EndpointWeight();

    /// <param name="update">That names it.</param>
    /// <param name="priority">As that says.</param>
    public void Named(int update, int priority)
    {
        Update = update;
        Priority = priority;
    }

    /// <summary>Takes a slot, unless the endpoint has just gone.</summary>
    public bool TryAcquire()
    {
        Interlocked.Increment(ref _active);
        if (!_retired)
        {
            return true;
        }

        Release();
        return false;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _active) == 0 && _retired)
        {
            DisposeOnce();
        }
    }

    /// <summary>Gives back the endpoint's slot and the cluster's.</summary>
    public void EndRequest(bool onConnection)
    {
        Release();
        Breaker.Leave(onConnection);
    }

    /// <summary>No new requests; those in flight end in peace.</summary>
    public void Retire()
    {
        _retired = true;
        Load?.Stop();
        if (Volatile.Read(ref _active) == 0)
        {
            DisposeOnce();
        }
    }

    /// <summary>The same endpoint without its connections: what is known of it goes on, ejection and all.</summary>
    public Endpoint Renewed() => new(key, authority, handlers)
    {
        _ejection = Recorded,
        ReportedWeight = ReportedWeight,
        Priority = Priority,
        Since = Since,
        Update = Update,
        Breaker = Breaker,
    };

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var connections = _connections ?? Connect();
        return key.Pool.UpgradeToHttp2
            ? Http2Upgrade.SendAsync(connections.Of(Active), request, cancellationToken)
            : WireVersion.IsHttp2(request)
                ? connections.Of(Active).SendAsync(request, cancellationToken)
                : BodylessRequest.MustNotRepeat(request)
                    ? BodylessRequest.SendAsync(connections.First, request, cancellationToken)
                    : connections.First.SendAsync(request, cancellationToken);
    }

    /// <summary>With the first request: most endpoints of a large service are never called by one process.</summary>
    private ConnectionLanes Connect()
    {
        var made = new ConnectionLanes(key.CountsConnections ? 1 : ConnectionLanes.Most, () => handlers(key));
        return Interlocked.CompareExchange(ref _connections, made, null) ?? made;
    }

    private void DisposeOnce()
    {
        if (Interlocked.Exchange(ref _disposed, Disposed) == Open)
        {
            _connections?.Dispose();
        }
    }
}
