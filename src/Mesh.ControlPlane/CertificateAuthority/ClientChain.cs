using System.Security.Cryptography.X509Certificates;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.ControlPlane.CertificateAuthority;

/// <summary>
/// What a caller sent along with its certificate. Kestrel keeps the leaf only, and a leaf below an intermediate authority proves
/// nothing alone.
/// </summary>
internal sealed class ClientChain
{
    public X509Certificate2Collection? Intermediates { get; private set; }

    /// <summary>Copies, because the handshake disposes of its own. Of a list that is too long, so much that it is refused.</summary>
    public void Take(X509Chain? sent)
    {
        if (sent?.ChainPolicy.ExtraStore is { Count: > 0 } store)
        {
            Intermediates = [.. store.Take(PeerVerifier.MaxIntermediates + 1).Select(c => X509CertificateLoader.LoadCertificate(c.RawDataMemory.Span))];
        }
    }
}
