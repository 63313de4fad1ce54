using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.Server.Tests.Fixture;

/// <summary>Clients of a port: plaintext or TLS, HTTP/1.1 or HTTP/2, with any identity or none.</summary>
internal static class Callers
{
    private static readonly UpstreamTlsConfig Mutual = new("default", "default", [], "", []);

    public static HttpClient Plaintext(MeshApp app, Version version) => Over(app, version, new SocketsHttpHandler());

    /// <summary>Mutual TLS below an http URL, as the mesh's own client does it.</summary>
    public static HttpClient Secure(MeshApp app, Version version, IdentityState identity) =>
        Over(app, version, Dialling(app, MeshTls.ForClient(identity, Mutual, Alpn(version), TimeProvider.System)));

    /// <summary>TLS as the options say, nothing verified.</summary>
    public static HttpClient Tls(MeshApp app, Version version, SslClientAuthenticationOptions options)
    {
        options.ApplicationProtocols = [.. Alpn(version)];
        options.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        return Over(app, version, Dialling(app, options));
    }

    private static SocketsHttpHandler Dialling(MeshApp app, SslClientAuthenticationOptions options) => new()
    {
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(app.EndPoint, cancellationToken);
            var tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
            await tls.AuthenticateAsClientAsync(options, cancellationToken);
            return tls;
        },
    };

    private static SslApplicationProtocol[] Alpn(Version version) =>
        [version == HttpVersion.Version20 ? SslApplicationProtocol.Http2 : SslApplicationProtocol.Http11];

    private static HttpClient Over(MeshApp app, Version version, HttpMessageHandler handler) => new(handler)
    {
        BaseAddress = new Uri(app.Address),
        DefaultRequestVersion = version,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Timeout = TimeSpan.FromSeconds(30),
    };
}
