using ProxylessMesh.Client.CircuitBreaking;
using ProxylessMesh.Client.LoadBalancing;
using ProxylessMesh.Client.OutlierDetection;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Dependencies;
using ProxylessMesh.Xds.Randomness;

namespace ProxylessMesh.Client.Clusters;

/// <summary>The long-lived state of one cluster by its name: endpoints, ejections, and the newest <see cref="ClusterModel"/>.</summary>
internal sealed class ClusterState : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Func<ClusterState, EndpointKey, HttpMessageHandler> _handlers;
    private readonly OutlierDetector _outliers;
    private readonly IRandomSource _random;
    private volatile ClusterModel _model = ClusterModel.Missing("nothing is known of it yet");
    private ClusterMember[] _members = [];
    private ClusterSnapshot? _applied;
    private uint _turn;

    public ClusterState(string name, Func<ClusterState, EndpointKey, HttpMessageHandler> handlers, TimeProvider time, IRandomSource random)
    {
        Name = name;
        _handlers = handlers;
        _random = random;
        _outliers = new OutlierDetector(time, random, Rebuild);
    }

    public string Name { get; }

    public ClusterModel Model => _model;

    public OutlierDetector Outliers => _outliers;

    public CircuitBreaker Breaker { get; } = new();

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
            var old = _members;
            _members = snapshot.Config is { } config ? Members(config, snapshot.Endpoints, old) : [];
            var present = _members.Select(m => m.Endpoint).ToHashSet();
            _outliers.Configure(snapshot.Config?.OutlierDetection, present);
            Publish();
            RetireAbsent(old, present);
        }
    }

    /// <summary>
    /// An endpoint with a slot taken, or null. Endpoints in <paramref name="tried"/> are avoided while others are there
    /// (Envoy, previous_hosts; five samples, then a search).
    /// </summary>
    public Endpoint? Pick(in TriedEndpoints tried)
    {
        const int samples = 5;
        var schedule = _model.Schedule;
        if (schedule.Length == 0)
        {
            return null;
        }

        for (var i = 0; i < samples; i++)
        {
            var endpoint = Next(schedule);
            if (!tried.Contains(endpoint) && endpoint.TryAcquire())
            {
                return endpoint;
            }
        }

        return Search(in tried);
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
            _outliers.Dispose();
        }
    }

    private Endpoint Next(Endpoint[] schedule) => _model.Config?.LoadBalancing.Policy switch
    {
        LoadBalancingPolicy.RoundRobin => RoundRobin.Pick(schedule, ref _turn),
        LoadBalancingPolicy.Random => schedule[_random.Next(schedule.Length)],
        _ => LeastRequest.Pick(schedule, _model.Config?.LoadBalancing.ChoiceCount ?? LeastRequest.DefaultChoices, _random),
    };

    private Endpoint? Search(in TriedEndpoints tried)
    {
        Endpoint? again = null;
        foreach (var endpoint in _model.Schedule)
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

    private ClusterMember[] Members(ClusterConfig config, EndpointsConfig? endpoints, ClusterMember[] old)
    {
        var kept = new Dictionary<EndpointKey, Endpoint>(old.Length);
        foreach (var member in old)
        {
            kept.TryAdd(member.Endpoint.Key, member.Endpoint);
        }

        var members = new List<ClusterMember>();
        foreach (var locality in (OriginalDestination.Endpoints(config) ?? endpoints)?.Localities ?? [])
        {
            foreach (var endpoint in locality.Endpoints)
            {
                var key = new EndpointKey(endpoint.Address, endpoint.Port, TlsSelection.For(config, endpoint))
                {
                    Pool = config.ConnectionPool,
                    OneHttp2Connection = config.CircuitBreakers.MaxConnections != int.MaxValue,
                };
                if (!kept.TryGetValue(key, out var state))
                {
                    state = new Endpoint(key, endpoint.Authority, k => _handlers(this, k)) { Breaker = Breaker };
                    kept.Add(key, state);
                }

                members.Add(new ClusterMember(state, endpoint, locality.Priority));
            }
        }

        return [.. members];
    }

    private static void RetireAbsent(ClusterMember[] old, HashSet<Endpoint> present)
    {
        foreach (var member in old)
        {
            if (!present.Contains(member.Endpoint))
            {
                member.Endpoint.Retire();
            }
        }
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
        var config = _applied?.Config;
        _model = config is null
            ? ClusterModel.Missing(_applied?.Error ?? "it does not exist")
            : new ClusterModel(config, [.. _members.Select(m => m.Endpoint)], PickSchedule.Build(_members), _applied?.Error);
    }
}
