using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using ProxylessMesh.Server.Peers;
using ProxylessMesh.Server.ServedTls;
using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.Server.Listening;

/// <summary>Kestrel's own https middleware as a branch of a port's pipeline, with the mesh's certificate and verification.</summary>
internal sealed class TlsTermination
{
    private readonly IReadOnlyList<SslApplicationProtocol> _alpn;
    private readonly TimeProvider _time;
    private readonly ConnectionSniffer _sniffer;
    private readonly ConnectionDelegate _next;
    private readonly ServedCertificates _served;

    private TlsTermination(HttpProtocols protocols, TimeProvider time, ConnectionSniffer sniffer, ServedCertificates served, ConnectionDelegate next)
    {
        _served = served;
        _alpn = MeshAlpn.ForServer(protocols.HasFlag(HttpProtocols.Http1), protocols.HasFlag(HttpProtocols.Http2));
        _time = time;
        _sniffer = sniffer;
        _next = next;
    }

    /// <param name="services">The app's, for Kestrel's logging and metrics.</param>
    /// <param name="protocols">What the endpoint speaks; decides about ALPN.</param>
    /// <param name="time">The clock of certificates.</param>
    /// <param name="sniffer">For connections whose ALPN leaves open what they speak.</param>
    /// <param name="next">What serves the decrypted connection.</param>
    public static ConnectionDelegate Build(
        IServiceProvider services, HttpProtocols protocols, TimeProvider time, ConnectionSniffer sniffer, ConnectionDelegate next)
    {
        var termination = new TlsTermination(protocols, time, sniffer, services.GetRequiredService<ServedCertificates>(), next);

        // ListenOptions is the only public way to the https middleware, and Listen the only one to a ListenOptions. Nothing
        // ever binds this one: the server reads its own KestrelServerOptions.
        var unbound = new KestrelServerOptions { ApplicationServices = services };
        ConnectionDelegate? built = null;
        unbound.Listen(new IPEndPoint(IPAddress.Loopback, 0), branch =>
        {
            branch.Protocols = protocols & HttpProtocols.Http1AndHttp2;
            branch.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = termination.Options });
            branch.Use(_ => termination.OnSecuredAsync);
            built = branch.Build();
        });
        return built!;
    }

    private ValueTask<SslServerAuthenticationOptions> Options(TlsHandshakeCallbackContext handshake)
    {
        var inbound = handshake.Connection.Features.GetRequiredFeature<InboundConnection>();
        if (inbound.Tls is null)
        {
            inbound.ServerName = handshake.ClientHelloInfo.ServerName;
            return ValueTask.FromResult(Served(inbound, inbound.ServerName));
        }

        return ValueTask.FromResult(MeshTls.ForServer(inbound.Identity!, inbound.Tls!, _alpn, _time, inbound.Handshake));
    }

    private SslServerAuthenticationOptions Served(InboundConnection inbound, string serverName)
    {
        if (inbound.Port!.Policy?.TlsFor(serverName) is not { Served: not null } tls)
        {
            inbound.Handshake.Refuse($"no server of this port has the name \"{Shown(serverName)}\"");
            throw new AuthenticationException(inbound.HandshakeError);
        }

        return _served.Options(tls, _alpn, inbound.Handshake);
    }

    /// <summary>Anybody may send anything as a name, and the log is one of lines.</summary>
    private static string Shown(string serverName) => serverName.AsSpan().ContainsAnyExceptInRange('!', '~') ? "?" : BoundedText.Shorten(serverName);

    private async Task OnSecuredAsync(ConnectionContext connection)
    {
        var inbound = connection.Features.GetRequiredFeature<InboundConnection>();
        var identity = inbound.Identity;
        inbound.Secured();
        var port = inbound.Port!;
        if (!port.TryEnterSecured(connection, inbound, identity))
        {
            return;
        }

        var negotiated = connection.Features.GetRequiredFeature<ITlsApplicationProtocolFeature>().ApplicationProtocol;
        var http2 = MeshAlpn.IsHttp2(negotiated.Span);
        if (http2 is null && !port.IsOpaque(port.Policy!))
        {
            var kind = await _sniffer.SniffAsync(connection).ConfigureAwait(false);
            if (kind == ConnectionKind.Unknown)
            {
                return;
            }

            http2 = kind == ConnectionKind.Http2;
        }

        if (http2 == true)
        {
            connection.Features.Set<ITlsApplicationProtocolFeature>(NegotiatedHttp2.Instance);
        }

        // Last, because from then on the bytes are for what serves them alone.
        if (port.Admits(connection, inbound))
        {
            await _next(connection).ConfigureAwait(false);
        }
    }
}
