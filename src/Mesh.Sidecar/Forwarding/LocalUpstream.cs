using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ProxylessMesh.Sidecar.Forwarding;

/// <summary>The connections to the app beside us, or to whatever stands at an address: they add nothing, follow nothing and keep no state.</summary>
internal static class LocalUpstream
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Shorter than the 5 s after which Node.js and others close an idle connection: a request that meets the end of one fails.</summary>
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(4);

    /// <param name="reached">Looks at each connection once it is made; what it throws ends it.</param>
    public static SocketsHttpHandler CreateHandler(Action<Socket>? reached = null) => new()
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        EnableMultipleHttp2Connections = true,
        ActivityHeadersPropagator = null,
        ConnectTimeout = ConnectTimeout,
        PooledConnectionIdleTimeout = IdleTimeout,

        // As the server reads them, and as it writes them: bytes stay what they are.
        RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
        ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        ConnectCallback = (context, cancellationToken) => ConnectAsync(context.DnsEndPoint, reached, cancellationToken),
    };

    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint address, Action<Socket>? reached, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, cancellationToken).ConfigureAwait(false);
            reached?.Invoke(socket);
            return new ListeningStream(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
