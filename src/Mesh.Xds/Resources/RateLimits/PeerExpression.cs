namespace ProxylessMesh.Xds.Resources.RateLimits;

/// <summary>
/// The expressions (in the Common Expression Language, over Envoy's attributes) that are understood in rate limit descriptors.
/// The control plane writes them, too.
/// </summary>
internal static class PeerExpression
{
    /// <summary>The type of the action's configuration.</summary>
    public const string TypeName = "envoy.extensions.rate_limit_descriptors.expr.v3.Descriptor";

    /// <summary>The URI of the client's certificate, which in a mesh is its SPIFFE id.</summary>
    public const string Id = "connection.uri_san_peer_certificate";

    /// <summary>The same, or <see cref="None"/> for plaintext callers: without a value they would have no limit at all.</summary>
    public const string IdOrNone = $"has({Id}) ? {Id} : '{None}'";

    /// <summary>What all callers without a certificate count as.</summary>
    public const string None = "none";
}
