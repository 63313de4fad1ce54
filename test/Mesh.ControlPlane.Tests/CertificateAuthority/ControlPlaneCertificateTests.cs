using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using ProxylessMesh.ControlPlane.CertificateAuthority;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.ControlPlane.Tests.CertificateAuthority;

public sealed class ControlPlaneCertificateTests : AuthorityFixture
{
    [Fact]
    public void It_is_renewed_when_half_spent()
    {
        using var authority = Open();
        var certificate = Create(authority, Options);
        var first = certificate.Current;
        Assert.Same(first, certificate.Current);
        Assert.Equal("spiffe://cluster.local/ns/istio-system/sa/istiod", first.Certificate.Id.ToString());

        Time.Advance(TimeSpan.FromHours(11));
        Assert.Same(first, certificate.Current);
        Time.Advance(TimeSpan.FromHours(1));
        var second = certificate.Current;
        Assert.NotSame(first, second);
        Assert.Equal(Time.GetUtcNow().AddHours(24), second.Certificate.NotAfter);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("mesh.example.com")]
    [InlineData("10.1.2.3")]
    public async Task It_is_good_for_every_configured_name(string host)
    {
        using var authority = Open(Names);
        Assert.Null(await HandshakeAsync(MeshTls.ForControlPlane(host, authority.Bundle.Roots, null, Time), Create(authority, Names)));
        Assert.NotNull(await HandshakeAsync(MeshTls.ForControlPlane("other.example.com", authority.Bundle.Roots, null, Time), Create(authority, Names)));
    }

    [Fact]
    public async Task Whatever_certificate_a_caller_shows_is_judged_by_the_call_not_by_the_handshake()
    {
        using var authority = Open();
        var stranger = new TestAuthority(Time).IssueFor("reviews").Certificate;
        X509Certificate2? seen = null;
        Assert.Null(await HandshakeAsync(MeshTls.ForControlPlane("localhost", authority.Bundle.Roots, stranger, Time), Create(authority, Options), c => seen = c));
        Assert.Equal(stranger.Leaf.RawData, seen?.RawData);

        var callers = new CallerIdentity(authority.Bundle, JoinTokens.Open(Data, Time), Time);
        Assert.False(callers.Verify(null, seen).IsTrusted);
    }

    private CertificateAuthorityOptions Names => Options with { ServerNames = ["mesh.example.com"], ServerAddresses = [IPAddress.Parse("10.1.2.3")] };

    private ControlPlaneCertificate Create(MeshCertificateAuthority authority, CertificateAuthorityOptions options) =>
        new(authority, options, Time, new Logger<ControlPlaneCertificate>(Logs));

    private static async Task<Exception?> HandshakeAsync(
        SslClientAuthenticationOptions client, ControlPlaneCertificate server, Action<X509Certificate2?>? seen = null)
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
        var serving = serverStream.AuthenticateAsServerAsync(server.ServerOptions(), limit.Token);
        try
        {
            await clientStream.AuthenticateAsClientAsync(client, limit.Token);
            await serving;
            seen?.Invoke(serverStream.RemoteCertificate as X509Certificate2);
            return null;
        }
        catch (Exception e) when (e is System.Security.Authentication.AuthenticationException or IOException)
        {
            dialled.Close();
            await serving.ContinueWith(_ => { }, TaskScheduler.Default);
            return e;
        }
    }
}
