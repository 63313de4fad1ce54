namespace ProxylessMesh.Xds.Identity;

/// <summary>What the peer is in the handshake: an extended key usage, when the certificate has one, must allow it.</summary>
internal enum PeerRole
{
    Client,
    Server,
}
