namespace ProxylessMesh.Xds.Config;

/// <summary>Which address of a request an RBAC condition looks at.</summary>
internal enum RbacAddress
{
    /// <summary>Where the connection arrived.</summary>
    Destination,

    /// <summary>The other end of the connection.</summary>
    Peer,

    /// <summary>The client that trusted proxies name; without such proxies the peer.</summary>
    Client,
}
