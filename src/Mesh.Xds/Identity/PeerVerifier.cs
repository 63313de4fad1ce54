using System.Security.Cryptography.X509Certificates;

namespace ProxylessMesh.Xds.Identity;

/// <summary>
/// Decides whether a peer's certificate proves a SPIFFE id: chain to one of the bundle's roots, now valid, no CA as leaf,
/// exactly one URI SAN, in the bundle's trust domain (X509-SVID specification, section 5). Host names are never looked at.
/// </summary>
internal static class PeerVerifier
{
    /// <param name="leaf">What the peer showed.</param>
    /// <param name="intermediates">What it sent along.</param>
    /// <param name="bundle">Whom we trust.</param>
    /// <param name="time">The clock of validity.</param>
    public static PeerVerification Verify(
        X509Certificate2 leaf, X509Certificate2Collection intermediates, TrustBundle bundle, TimeProvider time)
        => throw new NotImplementedException();
}
