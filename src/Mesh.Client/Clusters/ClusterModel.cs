using ProxylessMesh.Client.LoadBalancing;
using ProxylessMesh.Client.Sessions;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.Clusters;

/// <summary>
/// An immutable view of a cluster: its configuration and who may be picked now. Replaced whole when configuration, endpoints
/// or ejections change.
/// </summary>
/// <param name="Config">Null: the cluster does not exist, and <paramref name="Error"/> says why.</param>
/// <param name="Known">All endpoints, ejected and unhealthy ones too.</param>
/// <param name="Pickable">Endpoints that get requests now, each once.</param>
/// <param name="Error">Why there is nothing to pick from, if that is not the endpoints' health.</param>
internal sealed record ClusterModel(ClusterConfig? Config, Endpoint[] Known, Endpoint[] Pickable, string? Error)
{
    public Balancer Balancer { get; init; } = NoBalancer.Instance;

    /// <summary>Null: all endpoints have the same priority.</summary>
    public OtherPriorities? Others { get; init; }

    /// <summary>What the configuration says of the endpoints.</summary>
    public ClusterMember[] Members { get; init; } = [];

    /// <summary>Made when a session first asks: most clusters have none.</summary>
    public SessionHosts SessionHosts => _sessionHosts ??= new SessionHosts(Members, Config?.LoadBalancing.Sessions ?? SessionHealth.None);

    private SessionHosts? _sessionHosts;

    /// <summary>How much of its load the healthy endpoints can carry, in percent; what an aggregate goes by.</summary>
    public int Availability { get; init; }

    /// <summary>Has the balancers look at weights that reports have changed.</summary>
    public void Refresh()
    {
        Balancer.Refresh();
        Others?.Refresh();
    }

    public static ClusterModel Missing(string error) => new(null, [], [], error);
}
