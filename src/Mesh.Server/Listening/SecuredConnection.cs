using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using ProxylessMesh.Server.Peers;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.Server.Listening;

/// <summary>Judges an open TLS connection by what is known now: its handshake was judged by what was known then.</summary>
internal static class SecuredConnection
{
    /// <summary>By the policy. Who is more secure than the policy asks for may finish, but not stay: callers are told to come in plaintext.</summary>
    public static ConnectionEnd Judge(ConnectionContext connection, InboundConnection inbound, DownstreamTlsConfig? tls)
    {
        if (tls is null)
        {
            return ConnectionEnd.Drain;
        }

        if (tls.RequireClientCertificate && !inbound.HasProof)
        {
            return ConnectionEnd.Cut;
        }

        return tls.Parameters is { } parameters
            && connection.Features.Get<ITlsHandshakeFeature>() is { } handshake
            && !parameters.Allows(handshake.Protocol, handshake.NegotiatedCipherSuite ?? default)
                ? ConnectionEnd.Cut
                : ConnectionEnd.None;
    }

    /// <summary>By the roots and revocation lists.</summary>
    public static ConnectionEnd Judge(InboundConnection inbound, TrustBundle bundle, TimeProvider time) =>
        inbound.Handshake.Certificates?.Judge(bundle, time, PeerRole.Client) switch
        {
            PeerStanding.Untrusted => ConnectionEnd.Cut,
            PeerStanding.Expired => ConnectionEnd.Drain,
            _ => ConnectionEnd.None,
        };
}
