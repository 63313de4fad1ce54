namespace ProxylessMesh.Xds.Routing;

/// <summary>Where a header matcher's value stands in the request.</summary>
internal enum HeaderSource
{
    Header,
    Method,
    Authority,
    Path,
    Scheme,

    /// <summary>Seen by nobody: gRPC's binary headers (gRFC A28).</summary>
    Hidden,
}
