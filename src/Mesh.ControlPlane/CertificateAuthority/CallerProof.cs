using System.Diagnostics.CodeAnalysis;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.ControlPlane.CertificateAuthority;

/// <summary>Who a caller proved to be, or one sentence on why it proved nothing.</summary>
/// <param name="Peer">The id or the error.</param>
/// <param name="SingleUse">The token that is spent by the certificate which it gets; null when the proof can be repeated.</param>
internal readonly record struct CallerProof(PeerVerification Peer, JoinToken? SingleUse = null)
{
    [MemberNotNullWhen(true, nameof(Id))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsTrusted => Peer.IsTrusted;

    public SpiffeId? Id => Peer.Id;

    public string? Error => Peer.Error;

    public static CallerProof Refused(string error) => new(PeerVerification.Refused(error));
}
