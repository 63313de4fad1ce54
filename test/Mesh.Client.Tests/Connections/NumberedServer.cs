using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.Client.Tests.Connections;

/// <summary>Answers with the number of the connection, which it keeps open; <c>/hold</c> begins an answer and never ends it.</summary>
internal sealed class NumberedServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<(TcpClient Client, Task Serving)> _connections = [];
    private readonly Task _accepting;
    private volatile IdentityState? _identity;
    private int _count;

    /// <param name="identity">Null: plaintext.</param>
    public NumberedServer(IdentityState? identity)
    {
        _identity = identity;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>For handshakes from now on.</summary>
    public void Become(IdentityState identity) => _identity = identity;

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
        foreach (var (client, serving) in _connections)
        {
            client.Dispose();
            await serving;
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync();
                _connections.Add((client, ServeAsync(client, ++_count)));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(TcpClient client, int number)
    {
        using (client)
        {
            try
            {
                await using var stream = await SecureAsync(client.GetStream());
                using var reader = new StreamReader(stream, Encoding.ASCII);
                while (await reader.ReadLineAsync() is { Length: > 0 } line)
                {
                    while (await reader.ReadLineAsync() is { Length: > 0 })
                    {
                    }

                    var length = line.Contains("/hold", StringComparison.Ordinal) ? 1000 : 1;
                    await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{number}"));
                }
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException or ArgumentException or System.Security.Authentication.AuthenticationException)
            {
                // The client is gone; a reader calls a stream that was closed since its handshake "not readable".
            }
        }
    }

    private async Task<Stream> SecureAsync(NetworkStream stream)
    {
        if (_identity is not { } identity)
        {
            return stream;
        }

        var secure = new SslStream(stream);
        await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
        {
            ServerCertificateContext = identity.Certificate.Context,
            ClientCertificateRequired = true,
            RemoteCertificateValidationCallback = (_, _, _, _) => true,
        });
        return secure;
    }
}
