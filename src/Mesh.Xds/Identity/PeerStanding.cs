namespace ProxylessMesh.Xds.Identity;

/// <summary>What became of a peer that was trusted when it connected.</summary>
internal enum PeerStanding
{
    Trusted,

    /// <summary>Nothing speaks against it but that its certificate has run out; it has a newer one by now, or will not connect again.</summary>
    Expired,

    /// <summary>Its root is no longer trusted, or a certificate is revoked.</summary>
    Untrusted,
}
