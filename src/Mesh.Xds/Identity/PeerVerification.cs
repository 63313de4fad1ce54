using System.Diagnostics.CodeAnalysis;

namespace ProxylessMesh.Xds.Identity;

/// <summary>The peer's id, or one sentence on why it is not trusted.</summary>
internal readonly record struct PeerVerification(SpiffeId? Id, string? Error)
{
    [MemberNotNullWhen(true, nameof(Id))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsTrusted => Id is not null && Error is null;

    public static PeerVerification Trusted(SpiffeId id) => new(id, null);

    public static PeerVerification Refused(string error) => new(null, error);
}
