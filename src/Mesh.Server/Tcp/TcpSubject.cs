using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using ProxylessMesh.Server.Filters;
using ProxylessMesh.Server.Peers;

namespace ProxylessMesh.Server.Tcp;

/// <summary>A connection, as access rules see it.</summary>
internal sealed class TcpSubject(ConnectionContext transport, InboundConnection connection) : InboundSubject(connection, method: "", path: "")
{
    /// <inheritdoc/>
    public override string ServerName => transport.Features.Get<ITlsHandshakeFeature>()?.HostName ?? "";

    /// <inheritdoc/>
    public override IPAddress? SourceAddress => (transport.RemoteEndPoint as IPEndPoint)?.Address;

    /// <inheritdoc/>
    public override IPAddress? DestinationAddress => (transport.LocalEndPoint as IPEndPoint)?.Address;

    /// <inheritdoc/>
    public override int DestinationPort => (transport.LocalEndPoint as IPEndPoint)?.Port ?? 0;
}
