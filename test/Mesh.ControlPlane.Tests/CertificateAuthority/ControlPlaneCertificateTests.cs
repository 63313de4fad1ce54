using System.Net;
using System.Net.Security;
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
        var (right, wrong) = (For(host), For("other.example.com"));
        Assert.Null(await HandshakeAsync(right, Create(authority, Names)));
        Assert.NotNull(await HandshakeAsync(wrong, Create(authority, Names)));

        SslClientAuthenticationOptions For(string name) => MeshTls.ForControlPlane(name, authority.Bundle.Roots, null, Time);
    }

    [Fact]
    public async Task Whatever_certificate_a_caller_shows_is_judged_by_the_call_not_by_the_handshake()
    {
        using var authority = Open();
        var stranger = new TestAuthority(Time).IssueFor("reviews").Certificate;
        X509Certificate2? seen = null;
        var caller = MeshTls.ForControlPlane("localhost", authority.Bundle.Roots, stranger, Time);
        Assert.Null(await HandshakeAsync(caller, Create(authority, Options), c => seen = c));
        Assert.Equal(stranger.Leaf.RawData, seen?.RawData);

        var callers = new CallerIdentity(authority, JoinTokens.Open(Data, Time), Time);
        Assert.False(callers.Verify(null, seen).IsTrusted);
    }

    private CertificateAuthorityOptions Names =>
        Options with { ServerNames = ["mesh.example.com"], ServerAddresses = [IPAddress.Parse("10.1.2.3")] };

    private ControlPlaneCertificate Create(MeshCertificateAuthority authority, CertificateAuthorityOptions options) =>
        new(authority, options, Time, new Logger<ControlPlaneCertificate>(Logs));

    private static async Task<Exception?> HandshakeAsync(
        SslClientAuthenticationOptions client, ControlPlaneCertificate server, Action<X509Certificate2?>? seen = null) =>
        (await TlsPair.HandshakeAsync(client, server.ServerOptions(), s => seen?.Invoke(s.RemoteCertificate as X509Certificate2))).Client;
}
