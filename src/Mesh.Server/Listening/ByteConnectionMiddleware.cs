using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using ProxylessMesh.Server.Hosting;
using ProxylessMesh.Server.Peers;
using ProxylessMesh.Server.Policy;

namespace ProxylessMesh.Server.Listening;

/// <summary>
/// The first step of every connection on a mesh port that carries bytes: may it come as it comes, who is it, and may that one connect.
/// What follows TLS, or plaintext, is the app's alone. Returning without going on closes the connection.
/// </summary>
internal sealed class ByteConnectionMiddleware
{
    private readonly InboundPort _port;
    private readonly IInboundMesh _mesh;
    private readonly ConnectionSniffer _sniffer;
    private readonly ConnectionDelegate _next;
    private readonly GuardedService _service;

    /// <param name="port">Of the connections.</param>
    /// <param name="mesh">Of the process.</param>
    /// <param name="sniffer">For ports that accept both.</param>
    /// <param name="terminate">Makes of what serves decrypted connections what serves encrypted ones.</param>
    /// <param name="next">What serves the connection.</param>
    public ByteConnectionMiddleware(
        InboundPort port, IInboundMesh mesh, ConnectionSniffer sniffer, Func<ConnectionDelegate, ConnectionDelegate> terminate, ConnectionDelegate next)
    {
        (_port, _mesh, _sniffer, _next) = (port, mesh, sniffer, next);
        _service = new GuardedService(port, mesh, terminate(AdmitAsync), AdmitAsync);
    }

    public async Task OnConnectionAsync(ConnectionContext connection)
    {
        if (connection.LocalEndPoint is not IPEndPoint local)
        {
            // Not reachable from other workloads.
            await _next(connection).ConfigureAwait(false);
            return;
        }

        _port.Follow(local);
        if ((_port.Policy ?? await _port.WaitForPolicyAsync(connection.ConnectionClosed).ConfigureAwait(false)) is not { } policy)
        {
            return;
        }

        var kind = await IsTlsAsync(connection, policy).ConfigureAwait(false) ? ConnectionKind.Tls : ConnectionKind.Bytes;
        var inbound = new InboundConnection(kind) { Port = _port, AcceptedAt = _mesh.Time.GetTimestamp() };
        await _service.ServeAsync(connection, inbound, policy).ConfigureAwait(false);
    }

    /// <summary>Where both are accepted, a client that waits for the server's greeting is plaintext: in TLS the client speaks first.</summary>
    private async ValueTask<bool> IsTlsAsync(ConnectionContext connection, InboundPolicy policy)
    {
        if (policy.Tls is null)
        {
            // TLS, too, is then the app's own.
            return false;
        }

        var patience = policy.AcceptsPlaintext ? _port.Detection!.Value : ConnectionSniffer.Timeout;
        return await _sniffer.SniffAsync(connection, patience).ConfigureAwait(false) == ConnectionKind.Tls;
    }

    /// <summary>The connection is known and among the port's: a policy that comes to deny it finds it there, or is seen here.</summary>
    private async Task AdmitAsync(ConnectionContext connection)
    {
        var inbound = connection.Features.GetRequiredFeature<InboundConnection>();
        if (_port.Policy is not { } policy)
        {
            return;
        }

        if (ByteAdmission.Refuse(policy, inbound) is { } reason)
        {
            _port.Refused(connection, policy, reason);
            return;
        }

        await _next(connection).ConfigureAwait(false);
    }
}
