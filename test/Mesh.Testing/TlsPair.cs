using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace ProxylessMesh.Testing;

/// <summary>Both ends of one handshake over a real loopback socket, and one byte each way after it.</summary>
public static class TlsPair
{
    /// <summary>What each side threw, or null.</summary>
    /// <param name="client">Of the side that dials.</param>
    /// <param name="server">Of the side that accepts.</param>
    /// <param name="accepts">Sees the server's end after a handshake that succeeded.</param>
    public static async Task<(Exception? Client, Exception? Server, string Alpn)> HandshakeAsync(
        SslClientAuthenticationOptions client, SslServerAuthenticationOptions server, Action<SslStream>? accepts = null)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var dialled = new TcpClient();
        var accepting = listener.AcceptTcpClientAsync(limit.Token);
        await dialled.ConnectAsync((IPEndPoint)listener.LocalEndpoint, limit.Token);
        using var accepted = await accepting;
        await using var clientStream = new SslStream(dialled.GetStream());
        await using var serverStream = new SslStream(accepted.GetStream());

        var serving = RunAsync(serverStream, accepted, () => serverStream.AuthenticateAsServerAsync(server, limit.Token), limit.Token);
        var calling = RunAsync(clientStream, dialled, () => clientStream.AuthenticateAsClientAsync(client, limit.Token), limit.Token);
        var (clientError, serverError) = (await calling, await serving);
        if (serverError is null)
        {
            accepts?.Invoke(serverStream);
        }

        return (clientError, serverError, clientError is null ? clientStream.NegotiatedApplicationProtocol.ToString() : "");
    }

    // In TLS 1.3 the client's handshake ends before the server has looked at its certificate: only a read tells.
    private static async Task<Exception?> RunAsync(SslStream stream, TcpClient socket, Func<Task> authenticate, CancellationToken limit)
    {
        try
        {
            await authenticate();
            await stream.WriteAsync(new byte[] { 42 }, limit);
            var read = new byte[1];
            await stream.ReadExactlyAsync(read, limit);
            return read[0] == 42 ? null : new InvalidDataException("another byte came out than went in");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            socket.Client.Shutdown(SocketShutdown.Send);
            return e;
        }
    }
}
