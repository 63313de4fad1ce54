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
    private readonly GuardedService _service = new(port, mesh, terminateTls, next);

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

        // An endpoint of HTTP/2 alone takes it without being told.
        if (kind == ConnectionKind.Http2 && protocols.HasFlag(HttpProtocols.Http1AndHttp2))
        {
            PriorKnowledgeHttp2.SetOn(connection.Features);
        }

        var inbound = new InboundConnection(kind) { Port = port, AcceptedAt = mesh.Time.GetTimestamp() };
        await _service.ServeAsync(connection, inbound, port.Policy ?? policy).ConfigureAwait(false);
    }

    private ValueTask<ConnectionKind> KindAsync(ConnectionContext connection, InboundPolicy policy)
    {
        var isOpaque = port.IsOpaque(policy);
        if (isOpaque && policy.Tls is null)
        {
            // TLS, too, is then the app's own.
            return new ValueTask<ConnectionKind>(ConnectionKind.Opaque);
        }

        // In TLS the client speaks first: where plaintext is accepted as well, one that waits for the server's greeting is plaintext.
        return sniffer.SniffAsync(connection, isOpaque, policy.AcceptsPlaintext ? port.Detection ?? policy.DetectionTimeout : null);
    }
}
