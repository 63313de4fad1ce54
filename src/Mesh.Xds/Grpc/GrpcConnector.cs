using System.Net.Security;
using System.Net.Sockets;

namespace ProxylessMesh.Xds.Grpc;

/// <summary>
/// Opens a channel's connection. It performs the TLS handshake itself, because SocketsHttpHandler freezes its TLS options at the
/// first request, and certificates rotate.
/// </summary>
internal sealed class GrpcConnector(Uri address, Func<SslClientAuthenticationOptions>? tls)
{
    private bool IsUnix => address.Scheme == "unix";

    /// <summary>What requests are sent to: a Unix socket has no authority of its own.</summary>
    public Uri RequestBase => IsUnix ? new Uri("http://localhost") : address;

    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = IsUnix
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(IsUnix ? new UnixDomainSocketEndPoint(address.AbsolutePath) : context.DnsEndPoint, cancellationToken)
                .ConfigureAwait(false);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        var stream = new NetworkStream(socket, ownsSocket: true);
        return address.Scheme == Uri.UriSchemeHttps ? await SecureAsync(stream, cancellationToken).ConfigureAwait(false) : stream;
    }

    private async ValueTask<Stream> SecureAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var secured = new SslStream(stream);
        try
        {
            var options = tls?.Invoke() ?? new SslClientAuthenticationOptions();
            options.TargetHost ??= address.IdnHost;
            options.ApplicationProtocols = [SslApplicationProtocol.Http2];
            await secured.AuthenticateAsClientAsync(options, cancellationToken).ConfigureAwait(false);
            return secured;
        }
        catch
        {
            await secured.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
