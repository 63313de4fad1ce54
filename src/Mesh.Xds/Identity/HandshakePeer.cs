using System.Security.Cryptography.X509Certificates;

namespace ProxylessMesh.Xds.Identity;

/// <summary>
/// What one handshake found out about its peer. <see cref="System.Net.Security.SslStream"/> says only that a certificate was rejected; the reason
/// is here.
/// </summary>
/// <param name="refused">Called with the reason when the peer is not accepted.</param>
internal sealed class HandshakePeer(Action<string>? refused = null)
{
    /// <summary>The verified id; null when the peer showed no certificate, or one that is not trusted.</summary>
    public SpiffeId? Id { get; private set; }

    /// <summary>One sentence on why the handshake fails, or null.</summary>
    public string? Error { get; private set; }

    /// <summary>Set by whoever will judge the peer again while the connection lives.</summary>
    public bool KeepsCertificates { get; init; }

    /// <summary>Of a peer that was accepted, if they are to be kept.</summary>
    public ShownCertificates? Certificates { get; private set; }

    internal bool Accept(SpiffeId id, X509Certificate2 leaf, X509Certificate2Collection intermediates)
    {
        Certificates = KeepsCertificates ? new ShownCertificates(leaf, intermediates) : null;
        return Accept(id);
    }

    /// <summary>Whether the peer showed a certificate that is trusted, whatever name is in it.</summary>
    public bool IsVerified { get; private set; }

    internal bool Accept(SpiffeId? id)
    {
        IsVerified = true;
        Id = id;
        return true;
    }

    internal bool Refuse(string error)
    {
        Error = error;
        refused?.Invoke(error);
        return false;
    }
}
