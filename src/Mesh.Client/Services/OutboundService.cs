using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Client.Cors;
using ProxylessMesh.Client.Faults;
using ProxylessMesh.Client.Routing;
using ProxylessMesh.Client.Sessions;
using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Dependencies;
using ProxylessMesh.Xds.Randomness;
using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.Client.Services;

/// <summary>One authority that this process calls: follows its configuration and keeps the newest <see cref="ServiceModel"/>.</summary>
internal sealed class OutboundService : IDisposable
{
    /// <summary>A request that has just read the old model may still pick from its clusters.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    private readonly ClusterStore _clusters;
    private readonly TimeProvider _time;
    private readonly IRandomSource _random;
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ServiceWatch _watch;
    private readonly bool _isGateway;
    private volatile ServiceModel? _model;

    public OutboundService(
        AuthorityKey authority, XdsClient xds, Func<string, string> listenerName, ClusterStore clusters, TimeProvider time, IRandomSource random)
    {
        Authority = authority.ToString();
        HostHeader = authority.HostHeader;
        _clusters = clusters;
        _time = time;
        _random = random;
        _watch = new ServiceWatch(xds, authority.IsListener ? Authority : listenerName(Authority), Apply);
        _isGateway = authority.IsListener;
    }

    /// <summary><c>reviews:9080</c>: always with the port.</summary>
    public string Authority { get; }

    /// <summary>What routes compare as <c>:authority</c>.</summary>
    public string HostHeader { get; }

    /// <summary>Null until something is known.</summary>
    public ServiceModel? Model => _model;

    /// <summary>Completes when something is known.</summary>
    public Task FirstModel => _first.Task;

    /// <summary>Nobody answered in time: calls go on without waiting again, and without the mesh, until something is known.</summary>
    public bool GaveUpWaiting { get; set; }

    public void Dispose()
    {
        _watch.Dispose();
        Replace(ServiceModel.Unknown);
    }

    private void Apply(ServiceState state)
    {
        if (state.Snapshot is { } snapshot)
        {
            Replace(_isGateway && GatewayOverrides.Find(snapshot.Routes) is { } filter
                ? ServiceModel.Invalid($"a route overrides the filter {filter}, which is not supported at a gateway")
                : Compile(snapshot));
        }
        else if (state.Missing)
        {
            Replace(ServiceModel.Unknown);
        }
        else if (state.Error is { Kind: not ResourceErrorKind.Unreachable } error)
        {
            Replace(ServiceModel.Invalid(error.Message));
        }
    }

    private ServiceModel Compile(ServiceSnapshot snapshot)
    {
        var held = new Dictionary<string, ClusterState>(StringComparer.Ordinal);
        foreach (var cluster in snapshot.Clusters.Values)
        {
            held.Add(cluster.Name, _clusters.Acquire(cluster));
        }

        foreach (var cluster in snapshot.Clusters.Values)
        {
            held[cluster.Name].Link([.. cluster.Leaves.Select(Held)]);
        }

        var routes = new RouteTable<RouteModel>(snapshot.Routes, Compile, _random);
        return new ServiceModel(routes, false, null, [.. held.Values]);

        RouteModel Compile(VirtualHostConfig host, RouteEntryConfig route) =>
            RouteModel.Compile(route, Held, FaultCompiler.Compile(snapshot, host, route, Held), CorsCompiler.Compile(snapshot, host, route), snapshot.Listener.Http, SessionCompiler.Compile(snapshot, host, route));

        ClusterState Held(string name) => held[name];
    }

    private void Replace(ServiceModel model)
    {
        var old = _model;
        _model = model;
        _first.TrySetResult();
        if (old is { Clusters.Length: > 0 })
        {
            ReleaseLater(old);
        }
    }

    private void ReleaseLater(ServiceModel old)
    {
        ITimer? timer = null;
        timer = _time.CreateTimer(
            _ =>
            {
                foreach (var cluster in old.Clusters)
                {
                    _clusters.Release(cluster);
                }

                timer?.Dispose();
            },
            null,
            Grace,
            Timeout.InfiniteTimeSpan);
    }
}
