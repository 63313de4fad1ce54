using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ProxylessMesh.Testing;

namespace ProxylessMesh.Client.Tests.TlsOrigination;

/// <summary>A server outside the mesh: TLS on 127.0.0.1, one request per connection, answered with what the handshake showed.</summary>
internal sealed class HttpsServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2 _certificate;
    private readonly bool _asksForCertificate;
    private readonly Task _serving;

    public HttpsServer(TestAuthority authority, TestLeaf leaf, bool asksForCertificate = false)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var issued = authority.Issue(key, leaf);
        _certificate = issued.CopyWithPrivateKey(key);
        _asksForCertificate = asksForCertificate;
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
        _certificate.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                await AnswerAsync(client);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Stopped.
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        try
        {
            await using var secure = new SslStream(client.GetStream());
            var name = "";
            await secure.AuthenticateAsServerAsync((_, hello, _, _) =>
            {
                name = hello.ServerName;
                return ValueTask.FromResult(new SslServerAuthenticationOptions
                {
                    ServerCertificate = _certificate,
                    ClientCertificateRequired = _asksForCertificate,
                    RemoteCertificateValidationCallback = (_, _, _, _) => true,
                });
            }, null);
            using var reader = new StreamReader(secure, Encoding.ASCII, leaveOpen: true);
            while (await reader.ReadLineAsync() is { Length: > 0 })
            {
            }

            var body = $"{name} {secure.RemoteCertificate?.Subject ?? "nobody"}";
            await secure.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
        }
        catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
        {
            // The client did not like us.
        }
    }
}
