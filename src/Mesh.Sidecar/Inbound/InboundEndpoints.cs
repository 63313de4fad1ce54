using System.Net;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using ProxylessMesh.Server.Hosting;
using ProxylessMesh.Server.Listening;
using ProxylessMesh.Server.Peers;
using ProxylessMesh.Sidecar.Tcp;

namespace ProxylessMesh.Sidecar.Inbound;

/// <summary>Makes Kestrel listen where the options say, behind the mesh's own guard, which is every endpoint's first step.</summary>
internal sealed partial class InboundEndpoints(
    IOptions<SidecarOptions> options, IInboundMesh mesh, InboundPorts ports, TcpForwarder tcp, ILogger<InboundEndpoints> logger) : IConfigureOptions<KestrelServerOptions>
{
    public void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;

        // What is too large is for the app to say, which may take gigabytes.
        kestrel.Limits.MaxRequestBodySize = null;

        // Bytes of the app, which need not be ASCII.
        kestrel.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;
        foreach (var inbound in options.Value.Inbound)
        {
            kestrel.Listen(IPEndPoint.Parse(inbound.Listen), endpoint => Configure(endpoint, inbound));
            Log.Forwarding(logger, inbound.Listen, inbound.Protocol, inbound.Forward);
            if (!IPAddress.IsLoopback(IPEndPoint.Parse(inbound.Forward).Address))
            {
                Log.NotLoopback(logger, inbound.Forward);
            }
        }
    }

    private void Configure(ListenOptions endpoint, InboundOptions inbound)
    {
        if (inbound.Protocol == InboundProtocol.Tcp)
        {
            ports.CarryBytes(endpoint, options.Value.ProtocolDetectionTimeout);
            var app = IPEndPoint.Parse(inbound.Forward);
            endpoint.Run(connection => tcp.ForwardAsync(connection, app));
            return;
        }

        ports.CarryRequests(endpoint);
        var target = InboundTarget.Of(inbound);
        endpoint.Use(next => connection =>
        {
            connection.Features.Set(target);
            connection.Features.Set(new ClientCertificateHeader(connection.Features.Get<InboundConnection>(), mesh));
            return next(connection);
        });
    }

    private static partial class Log
    {
        [LoggerMessage(5000, LogLevel.Information, "Forwarding {Listen} ({Protocol}) to the app at {Forward}")]
        public static partial void Forwarding(ILogger logger, string listen, InboundProtocol protocol, string forward);

        [LoggerMessage(5002, LogLevel.Warning, "The app at {Forward} is not on loopback: what goes there is plaintext, and others may reach it past the policies")]
        public static partial void NotLoopback(ILogger logger, string forward);
    }
}
