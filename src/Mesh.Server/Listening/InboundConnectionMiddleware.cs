using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using ProxylessMesh.Server.Hosting;
using ProxylessMesh.Server.Peers;
using ProxylessMesh.Server.Policy;

namespace ProxylessMesh.Server.Listening;

/// <summary>
/// The first step of every connection on a mesh port: what does it speak, may it, and on to Kestrel's TLS and protocol code.
/// Returning without going on closes the connection.
/// </summary>
internal sealed class InboundConnectionMiddleware(
    InboundPort port,
    IInboundMesh mesh,
    ConnectionSniffer sniffer,
    HttpProtocols protocols,
    ConnectionDelegate terminateTls,
    ConnectionDelegate next)
{
    public async Task OnConnectionAsync(ConnectionContext connection)
    {
        if (connection.LocalEndPoint is not IPEndPoint local)
        {
            // An inherited descriptor that turns out to be a Unix socket: not reachable from other workloads.
            await next(connection).ConfigureAwait(false);
            return;
        }

        port.Follow(local);
        if ((port.Policy ?? await port.WaitForPolicyAsync(connection.ConnectionClosed).ConfigureAwait(false)) is not { } policy)
        {
            return;
        }

        var kind = await KindAsync(connection, policy).ConfigureAwait(false);
        if (kind == ConnectionKind.Unknown)
        {
            return;
        }

        policy = port.Policy ?? policy;
        var inbound = new InboundConnection(kind) { Port = port, AcceptedAt = mesh.Time.GetTimestamp() };
        connection.Features.Set(inbound);
        connection.Features.Set<IMeshPeerFeature>(inbound);
        await (kind == ConnectionKind.Tls
            ? ServeTlsAsync(connection, inbound, policy)
            : ServePlaintextAsync(connection, inbound, policy)).ConfigureAwait(false);
    }

    private ValueTask<ConnectionKind> KindAsync(ConnectionContext connection, InboundPolicy policy)
    {
        var isOpaque = port.IsOpaque(policy);
        return isOpaque && policy.Tls is null
            ? new ValueTask<ConnectionKind>(ConnectionKind.Opaque)
            : sniffer.SniffAsync(connection, isOpaque, policy.AcceptsPlaintext ? policy.DetectionTimeout : null);
    }

    private async Task ServeTlsAsync(ConnectionContext connection, InboundConnection inbound, InboundPolicy policy)
    {
        if (policy.Tls is not { } tls)
        {
            port.Refused(connection, policy, "it is TLS, which the policy does not accept");
            return;
        }

        if (mesh.Identity?.Current is not { } identity)
        {
            port.Refused(connection, policy, "it is TLS, and this workload has no certificate");
            return;
        }

        inbound.Tls = tls;
        inbound.Identity = identity;
        try
        {
            await terminateTls(connection).ConfigureAwait(false);
        }
        finally
        {
            port.Leave(connection);
        }

        if (!inbound.IsSecured)
        {
            port.Refused(connection, policy, inbound.HandshakeError ?? "the TLS handshake did not complete");
        }
    }

    private async Task ServePlaintextAsync(ConnectionContext connection, InboundConnection inbound, InboundPolicy policy)
    {
        try
        {
            if (!port.TryEnterPlaintext(connection, inbound))
            {
                port.Refused(connection, port.Policy ?? policy, "it is plaintext, which the policy does not accept");
                return;
            }

            if (!port.Admits(connection, inbound))
            {
                return;
            }

            // An endpoint of HTTP/2 alone takes it without being told.
            if (inbound.Kind == ConnectionKind.Http2 && protocols.HasFlag(HttpProtocols.Http1AndHttp2))
            {
                PriorKnowledgeHttp2.SetOn(connection.Features);
            }

            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            port.Leave(connection);
        }
    }
}
