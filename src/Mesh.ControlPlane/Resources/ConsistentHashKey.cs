namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>What of a request decides its endpoint.</summary>
internal enum ConsistentHashKey
{
    /// <summary>Nothing was said: any endpoint.</summary>
    None,
    Header,
    Cookie,
    SourceIp,
    QueryParameter,
}
