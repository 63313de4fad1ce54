namespace ProxylessMesh.Xds.Ads;

/// <summary>Where a subscribed resource stands (client_status of the client status discovery service, gRFC A40).</summary>
internal enum ResourceStatus
{
    /// <summary>Asked for, or about to be.</summary>
    Requested,
    Acked,

    /// <summary>The last update was rejected; an older one may be in force.</summary>
    Nacked,

    /// <summary>Deleted, or never was; an older value may be in force.</summary>
    DoesNotExist,

    /// <summary>The server answered with an error for it (xDS proposal TP3).</summary>
    ReceivedError,

    /// <summary>No answer in time from a server whose silence is a transient error.</summary>
    Timeout,
}
