namespace ProxylessMesh.Xds.Config;

/// <summary>Cluster.LbPolicy, as far as this data plane does it.</summary>
internal enum LoadBalancingPolicy
{
    RoundRobin,
    LeastRequest,
    Random,

    /// <summary>Consistent hashing on a ring.</summary>
    RingHash,

    /// <summary>Consistent hashing by a table.</summary>
    Maglev,

    /// <summary>Round robin by weights that the endpoints' load reports give.</summary>
    ClientSideWeightedRoundRobin,

    /// <summary>The first that can be reached, until it cannot.</summary>
    PickFirst,
}
