using System.Net.Security;
using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.Client.Connections;

/// <summary>One open connection to an endpoint, with what its handshake was about: what allowed it may change while it lives.</summary>
/// <param name="cluster">That it is a connection of.</param>
/// <param name="endpoint">As configured when it was made.</param>
/// <param name="socket">To cut it.</param>
/// <param name="secure">Null: plaintext.</param>
/// <param name="peer">Who answered; null: plaintext.</param>
internal sealed class UpstreamConnection(ClusterState cluster, EndpointKey endpoint, UpstreamStream socket, SslStream? secure, HandshakePeer? peer)
{
    public ClusterState Cluster => cluster;

    public EndpointKey Endpoint => endpoint;

    public (string Address, int Port) Address => (endpoint.Address, endpoint.Port);

    public UpstreamStream Socket => socket;

    /// <summary>New requests go to other connections already.</summary>
    public bool Draining { get; set; }

    /// <summary>It will be cut.</summary>
    public bool Ending { get; set; }

    /// <summary>By the roots and revocation lists of now. Those of servers outside the mesh are looked at for new connections only.</summary>
    public PeerStanding Judge(TrustBundle bundle, TimeProvider time) => peer?.Certificates?.Judge(bundle, time, PeerRole.Server) ?? PeerStanding.Trusted;

    /// <summary>
    /// Whether it could be made under the settings of now. One that is more secure than they ask for may finish what it does; of a
    /// server outside the mesh no certificate was kept, and any change of its settings ends it.
    /// </summary>
    public bool IsAllowedBy(UpstreamTlsConfig? tls) =>
        tls is null
        || tls.Equals(endpoint.Tls)
        || (secure is not null
            && tls.Origination is null
            && peer?.Certificates is { } certificates
            && tls.Parameters?.Allows(secure.SslProtocol, secure.NegotiatedCipherSuite) != false
            && certificates.IsOneOf(tls.SubjectAltNames));
}
