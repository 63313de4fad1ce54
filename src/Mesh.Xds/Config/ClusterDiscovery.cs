namespace ProxylessMesh.Xds.Config;

/// <summary>Cluster.DiscoveryType.</summary>
internal enum ClusterDiscovery
{
    Eds,

    /// <summary>Endpoints are addresses.</summary>
    Static,

    /// <summary>Endpoints are names, and each address of a name is an endpoint of its own.</summary>
    StrictDns,

    /// <summary>The endpoint is one name; new connections go to the first address it has now.</summary>
    LogicalDns,

    /// <summary>Other clusters, in the order in which they are used (gRFC A37).</summary>
    Aggregate,

    /// <summary>The destination is the address of the request itself.</summary>
    PassThrough,
}
