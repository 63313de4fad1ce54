using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using ProxylessMesh.Server.Hosting;
using ProxylessMesh.Server.Peers;

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
        var kind = await sniffer.SniffAsync(connection).ConfigureAwait(false);
        if (kind == ConnectionKind.Unknown
            || (port.Policy ?? await port.WaitForPolicyAsync(connection.ConnectionClosed).ConfigureAwait(false)) is not { } policy)
        {
            return;
        }

        // An endpoint of HTTP/2 alone takes it without being told.
        if (kind == ConnectionKind.Http2 && protocols.HasFlag(HttpProtocols.Http1AndHttp2))
        {
            PriorKnowledgeHttp2.SetOn(connection.Features);
        }

        var inbound = new InboundConnection(kind) { Port = port, AcceptedAt = mesh.Time.GetTimestamp() };
        await _service.ServeAsync(connection, inbound, policy).ConfigureAwait(false);
    }
}
