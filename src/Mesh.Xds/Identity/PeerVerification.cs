namespace ProxylessMesh.Xds.Identity;

/// <summary>The peer's id, or one sentence on why it is not trusted.</summary>
internal readonly record struct PeerVerification(SpiffeId? Id, string? Error);
