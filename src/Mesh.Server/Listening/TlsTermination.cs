using System.Net;
using System.Net.Security;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using ProxylessMesh.Server.Peers;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.Server.Listening;

/// <summary>Kestrel's own https middleware as a branch of a port's pipeline, with the mesh's certificate and verification.</summary>
internal static class TlsTermination
{
    /// <param name="services">The app's, for Kestrel's logging and metrics.</param>
    /// <param name="protocols">What the endpoint speaks; decides about ALPN.</param>
    /// <param name="time">The clock of certificates.</param>
    /// <param name="next">What serves the decrypted connection.</param>
    public static ConnectionDelegate Build(IServiceProvider services, HttpProtocols protocols, TimeProvider time, ConnectionDelegate next)
    {
        // ListenOptions is the only public way to the https middleware, and Listen the only one to a ListenOptions. Nothing
        // ever binds this one: the server reads its own KestrelServerOptions.
        var unbound = new KestrelServerOptions { ApplicationServices = services };
        ConnectionDelegate? built = null;
        unbound.Listen(new IPEndPoint(IPAddress.Loopback, 0), branch =>
        {
            branch.Protocols = protocols & HttpProtocols.Http1AndHttp2;
            branch.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = handshake => Options(handshake, time) });
            branch.Use(_ => connection =>
            {
                connection.Features.GetRequiredFeature<InboundConnection>().Secured();
                return next(connection);
            });
            built = branch.Build();
        });
        return built!;
    }

    private static ValueTask<SslServerAuthenticationOptions> Options(TlsHandshakeCallbackContext handshake, TimeProvider time)
    {
        var inbound = handshake.Connection.Features.GetRequiredFeature<InboundConnection>();

        // No ALPN of ours: Kestrel adds what the endpoint speaks.
        return ValueTask.FromResult(MeshTls.ForServer(inbound.Identity!, inbound.Tls!, [], time, inbound.Handshake));
    }
}
