using ProxylessMesh.Server.Listening;
using ProxylessMesh.Server.Tcp;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.Server.Peers;

/// <summary>A connection on a mesh port; a feature of it and of its requests.</summary>
internal sealed class InboundConnection(ConnectionKind kind) : IMeshPeerFeature
{
    public ConnectionKind Kind { get; } = kind;

    /// <summary>A timestamp of the mesh's clock.</summary>
    public long AcceptedAt { get; init; }

    /// <summary>Whose policy applies to the requests.</summary>
    public InboundPort? Port { get; init; }

    /// <summary>Whether requests come out of it, where nobody knows that of its endpoint.</summary>
    public RequestProof? Requests { get; set; }

    /// <inheritdoc/>
    public MeshPeer? Peer { get; private set; }

    /// <summary>Whether TLS was negotiated, so that requests could follow.</summary>
    public bool IsSecured { get; private set; }

    /// <summary>Why the handshake failed, if it was about the peer's certificate.</summary>
    public string? HandshakeError => Handshake.Error;

    /// <summary>What a TLS client asked for at a server whose certificate is not the mesh's own; empty: nothing. Null elsewhere.</summary>
    public string? ServerName { get; set; }

    /// <summary>Whether the client showed a certificate that is trusted.</summary>
    public bool HasProof => Peer is not null || (ServerName is not null && Handshake.IsVerified);

    /// <summary>Our certificate and the roots, at the time of the handshake.</summary>
    public IdentityState? Identity { get; set; }

    /// <summary>The port's policy at the time of the handshake.</summary>
    public DownstreamTlsConfig? Tls { get; set; }

    /// <summary>Receives the peer that the handshake proves.</summary>
    public HandshakePeer Handshake { get; } = new() { KeepsCertificates = true };

    public void Secured()
    {
        IsSecured = true;
        Peer = Handshake.Id is { } id ? new MeshPeer(id) : null;

        // Long-lived connections need not keep the certificates that a rotation has replaced.
        Identity = null;
        Tls = null;
    }
}
