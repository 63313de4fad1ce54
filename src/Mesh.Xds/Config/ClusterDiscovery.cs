namespace ProxylessMesh.Xds.Config;

/// <summary>Cluster.DiscoveryType.</summary>
internal enum ClusterDiscovery
{
    Eds,

    /// <summary>Endpoints are addresses.</summary>
    Static,

    /// <summary>Endpoints are names, resolved when a connection is made.</summary>
    Dns,

    /// <summary>The destination is the address of the request itself.</summary>
    PassThrough,
}
