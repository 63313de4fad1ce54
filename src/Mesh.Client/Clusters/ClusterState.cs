using System.Net;
using ProxylessMesh.Client.CircuitBreaking;
using ProxylessMesh.Client.Drops;
using ProxylessMesh.Client.LoadBalancing;
using ProxylessMesh.Client.LoadReports;
using ProxylessMesh.Client.NameResolution;
using ProxylessMesh.Client.OutlierDetection;
using ProxylessMesh.Client.Telemetry;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Dependencies;
using ProxylessMesh.Xds.Randomness;
using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.Client.Clusters;

/// <summary>The long-lived state of one cluster by its name: endpoints, ejections, and the newest <see cref="ClusterModel"/>.</summary>
internal sealed class ClusterState : IDisposable
{
    private readonly Lock _lock = new();
    private readonly EndpointStates _states;
    private readonly OutlierDetector _outliers;
    private readonly IRandomSource _random;
    private readonly TimeProvider _time;
    private readonly BalancerBuilder _balancers;
    private readonly WeightUpdates _weights;
    private readonly EndpointLoads _loads;
    private readonly INameResolver? _resolver;
    private volatile ClusterModel _model = ClusterModel.Missing("nothing is known of it yet");
    private ClusterMember[] _members = [];
    private ClusterSnapshot? _applied;
    private ITimer? _warming;
    private EndpointsConfig? _endpoints;
    private volatile ClusterNames? _names;
    private volatile AggregateCluster? _aggregate;
    private volatile OverloadDrops? _drops;

    /// <param name="name">Of the cluster.</param>
    /// <param name="handlers">Makes the connections of an endpoint.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">The dice.</param>
    /// <param name="resolver">For clusters of names; null: this machine's.</param>
    /// <param name="locality">Where this process is.</param>
    /// <param name="loads">For load reports; null: there are none.</param>
    public ClusterState(
        string name,
        Func<ClusterState, EndpointKey, HttpMessageHandler> handlers,
        TimeProvider time,
        IRandomSource random,
        INameResolver? resolver = null,
        LocalityId locality = default,
        LoadServices? loads = null)
    {
        _resolver = resolver;
        Name = name;
        Tags = new DestinationTags(name);
        _states = new EndpointStates(key => handlers(this, key), Breaker, time);
        _random = random;
        _time = time;
        _balancers = new BalancerBuilder(new Turn(), time, random) { Own = locality };
        _outliers = new OutlierDetector(time, random, Rebuild);
        _weights = new WeightUpdates(time, () => _model.Refresh());
        _loads = new EndpointLoads(this, loads ?? LoadServices.None, time, random);
    }

    public string Name { get; }

    /// <summary>Told when an update has retired endpoints: connections of before may not fit what it says of their addresses.</summary>
    public Action<ClusterState>? Resettled { get; init; }

    /// <summary>Of the metrics.</summary>
    public DestinationTags Tags { get; }

    public ClusterModel Model => _model;

    public OutlierDetector Outliers => _outliers;

    public CircuitBreaker Breaker { get; } = new();

    /// <summary>Null: no call is dropped.</summary>
    public OverloadDrops? Drops => _drops;

    /// <summary>Takes the slots that a request needs (<see cref="CircuitBreaker.EnterAsync"/>), unless it is one that the control plane wants dropped.</summary>
    public ValueTask<Admission> EnterAsync(bool ownConnection, CancellationToken cancellationToken) =>
        _drops?.Takes(_random) == true ? new(Admission.Dropped) : Breaker.EnterAsync(ownConnection, cancellationToken);

    public void Apply(ClusterSnapshot snapshot)
    {
        lock (_lock)
        {
            if (ReferenceEquals(snapshot, _applied))
            {
                return;
            }

            _applied = snapshot;
            Breaker.Configure(snapshot.Config?.CircuitBreakers ?? CircuitBreakerConfig.Default);
            WatchNames(snapshot);
            Take(snapshot.Config, snapshot.Config is { } config && _names is { } names ? names.Resolve(config, snapshot.Endpoints) : snapshot.Endpoints);
        }
    }

    /// <summary>Of an aggregate: the clusters to choose from, as soon as they are there.</summary>
    public void Link(ClusterState[] leaves) => _aggregate = leaves.Length == 0 ? null : new AggregateCluster(leaves);

    /// <summary>The cluster that serves a call: itself, or one of those that it stands for.</summary>
    public ClusterState Choose(IRandomSource random) => _aggregate is { } aggregate ? aggregate.Choose(random) : this;

    /// <summary>Set while names are looked up for the first time: until then nobody can say that there is no endpoint.</summary>
    public Task? FirstAddresses => _names is { Settled: { IsCompleted: false } settled } ? settled : null;

    /// <summary>Of a name among the endpoints, as last found.</summary>
    public IReadOnlyList<IPAddress> AddressesOf(string name) => _names?.Find(name) ?? [];

    /// <summary>
    /// An endpoint with a slot taken, or null. Endpoints and priorities that <paramref name="tried"/> speaks of are avoided while others
    /// are there (Envoy, previous_hosts and previous_priorities). Consistent hashing goes by <paramref name="hash"/>; a call without one
    /// is sent anywhere.
    /// </summary>
    /// <param name="tried">By this call.</param>
    /// <param name="hash">Of the request.</param>
    /// <param name="reselections">
    /// How often the policy is asked again for an endpoint that was not tried (host_selection_retry_max_attempts). Then it is searched
    /// for, where Envoy would take a tried one.
    /// </param>
    public Endpoint? Pick(in TriedEndpoints tried, ulong? hash = null, int reselections = 4)
    {
        var model = _model;
        var (balancer, pickable) = (model.Balancer, model.Pickable);
        if (tried.ExcludedPriorities != 0 && model.Others?.Without(tried.ExcludedPriorities) is { } others)
        {
            (balancer, pickable) = (others.Balancer, others.Pickable);
        }

        var key = hash ?? (balancer.UsesHash ? RandomHash.Next(_random) : 0);
        for (var i = 0; i <= reselections; i++)
        {
            if (balancer.Pick(key, i) is not { } endpoint)
            {
                return null;
            }

            if (!tried.Contains(endpoint) && endpoint.TryAcquire())
            {
                return endpoint;
            }
        }

        return Search(pickable, in tried);
    }

    /// <summary>How addresses are spoken to now; those that are not the cluster's are missing.</summary>
    public Dictionary<(string Address, int Port), UpstreamTlsConfig?> TlsOf(HashSet<(string Address, int Port)> addresses)
    {
        lock (_lock)
        {
            return AddressTls.Of(_members, addresses);
        }
    }

    /// <summary>Gives an endpoint connections of its own from now on; the ones that it has take no new request.</summary>
    public void Renew(EndpointKey key)
    {
        lock (_lock)
        {
            if (Array.Find(_members, m => m.Endpoint.Key == key).Endpoint is not { } old)
            {
                return;
            }

            var renewed = old.Renewed();
            _members = [.. _members.Select(m => m.Endpoint == old ? m with { Endpoint = renewed } : m)];
            _outliers.Replace(old, renewed);
            _loads.Configure(_applied?.Config, _members);
            Publish();
            old.Retire();
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var member in _members)
            {
                member.Endpoint.Retire();
            }

            _members = [];
            _model = ClusterModel.Missing("it is no longer used");
            _applied = null;
            _warming?.Dispose();
            _names?.Dispose();
            _weights.Dispose();
            _loads.Dispose();
            _outliers.Dispose();
        }
    }

    private void WatchNames(ClusterSnapshot snapshot)
    {
        if (snapshot.Config?.Discovery is ClusterDiscovery.StrictDns or ClusterDiscovery.LogicalDns)
        {
            _names ??= new ClusterNames(_resolver ?? new NameResolver(new ResolverFiles(), _time), _time, _random, TakeNames);
        }

        _names?.Watch(snapshot.Config, snapshot.Endpoints);
    }

    private void TakeNames()
    {
        lock (_lock)
        {
            if (_applied?.Config is { } config)
            {
                Take(config, _names!.Resolve(config, _applied.Endpoints));
            }
        }
    }

    private void Take(ClusterConfig? config, EndpointsConfig? endpoints)
    {
        _endpoints = endpoints;
        _drops = OverloadDrops.Of(endpoints?.Drops ?? [], _drops);
        var old = _members;
        _members = _states.Members(config, endpoints, old);
        _outliers.Configure(config?.OutlierDetection, config?.OutlierDetection is null ? [] : Array.ConvertAll(_members, m => m.Endpoint));
        _loads.Configure(config, _members);
        Publish();
        if (_states.RetireAbsent(old))
        {
            Resettled?.Invoke(this);
        }
    }

    private static Endpoint? Search(Endpoint[] pickable, in TriedEndpoints tried)
    {
        Endpoint? again = null;
        foreach (var endpoint in pickable)
        {
            if (tried.Contains(endpoint))
            {
                again = endpoint;
            }
            else if (endpoint.TryAcquire())
            {
                return endpoint;
            }
        }

        return again is not null && again.TryAcquire() ? again : null;
    }

    private void Rebuild()
    {
        lock (_lock)
        {
            Publish();
        }
    }

    private void Publish()
    {
        if (_applied?.Config is not { } config)
        {
            _model = ClusterModel.Missing(_applied?.Error ?? "it does not exist");
            return;
        }

        var overprovisioning = _endpoints?.OverprovisioningPercent ?? EndpointsConfig.DefaultOverprovisioningPercent;
        var balancer = _balancers.Build(config.LoadBalancing, overprovisioning, _members, out var pickable, out var availability);
        _model = new ClusterModel(config, pickable.Length == _members.Length ? pickable : Array.ConvertAll(_members, m => m.Endpoint), pickable, _applied.Error ?? (pickable.Length == 0 ? _names?.Error : null))
        {
            Balancer = balancer,
            Members = _members,
            Availability = availability,
            Others = Others(config.LoadBalancing, overprovisioning),
        };
        KeepWarming(config.LoadBalancing.SlowStart);
        _weights.Configure(config.LoadBalancing);
    }

    private OtherPriorities? Others(LoadBalancingConfig config, int overprovisioning) => Array.Exists(_members, m => m.Priority != 0)
        ? new OtherPriorities(_members, rest => new OtherPriorities.Choice(_balancers.Build(config, overprovisioning, rest, out var pickable, out _), pickable))
        : null;

    /// <summary>While endpoints are warming up their weights grow: one timer for all, none once they are warm.</summary>
    private void KeepWarming(SlowStartConfig? config)
    {
        _warming?.Dispose();
        _warming = config is not null && SlowStart.IsAny(config, _members, _time)
            ? _time.CreateTimer(static self => ((ClusterState)self!).Rebuild(), this, SlowStart.Step(config), Timeout.InfiniteTimeSpan)
            : null;
    }
}
