namespace ProxylessMesh.Xds.Config;

/// <summary>Cluster.LbPolicy, as far as this data plane does it.</summary>
internal enum LoadBalancingPolicy
{
    RoundRobin,
    LeastRequest,
    Random,
}
