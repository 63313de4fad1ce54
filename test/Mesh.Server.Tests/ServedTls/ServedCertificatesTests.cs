using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using ProxylessMesh.Server.ServedTls;
using ProxylessMesh.Server.Tests.Fixture;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.Server.Tests.ServedTls;

/// <summary>Certificates of servers towards clients outside the mesh, from files.</summary>
public sealed class ServedCertificatesTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    [Fact]
    public void A_server_offers_HTTP_s_own_names_and_its_versions()
    {
        var certificates = Create();
        Write("shop", "shop.example.com");

        var usual = Options(certificates, Tls("shop"));
        var old = Options(certificates, Tls("shop") with { Parameters = new TlsParametersConfig(SslProtocols.Tls12, []) });

        Assert.Equal([SslApplicationProtocol.Http2, SslApplicationProtocol.Http11], usual.ApplicationProtocols);
        Assert.Equal((SslProtocols.Tls12 | SslProtocols.Tls13, SslProtocols.Tls12), (usual.EnabledSslProtocols, old.EnabledSslProtocols));
        Assert.False(usual.ClientCertificateRequired);
        Assert.False(usual.AllowTlsResume);
    }

    [Fact]
    public void Roots_lie_in_a_Secret_of_their_own_or_in_the_certificate_s()
    {
        var certificates = Create();
        var first = Write("shop", "shop.example.com");
        File.WriteAllText(_folder.File("shop/ca.crt"), first.ExportCertificatePem());
        var mutual = Tls("shop") with { Served = new ServedTlsConfig(new CredentialConfig("shop", null, null), new CredentialConfig("shop-cacert", null, null)) };

        Assert.Equal(first.Thumbprint, RootOf(certificates, mutual));

        var second = Write("shop-cacert", "other");
        File.WriteAllText(_folder.File("shop-cacert/ca.crt"), second.ExportCertificatePem());
        Assert.Equal(second.Thumbprint, RootOf(certificates, mutual));
    }

    [Theory]
    [InlineData("shop", true)]
    [InlineData("gone", false)]
    public void What_cannot_be_used_refuses_until_it_can(string folder, bool exists)
    {
        var certificates = Create();
        if (exists)
        {
            Write(folder, "shop.example.com");
            File.WriteAllText(_folder.File("shop/tls.key"), "no key");
        }

        var peer = new HandshakePeer();
        Assert.Throws<AuthenticationException>(() => certificates.Options(Tls(folder), [], peer));
        Assert.NotNull(peer.Error);

        Write(folder, "shop.example.com");
        Assert.NotNull(Options(certificates, Tls(folder)).ServerCertificateContext);
    }

    [Fact]
    public void Without_a_directory_there_are_no_credentials()
    {
        var certificates = new ServedCertificates(new ScriptedMesh(), NullLogger<ServedCertificates>.Instance);

        Assert.Contains("was told no directory", Assert.Throws<AuthenticationException>(() => Options(certificates, Tls("shop"))).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private ServedCertificates Create() => new(new ScriptedMesh(), NullLogger<ServedCertificates>.Instance) { Directory = _folder.File("") };

    private static SslServerAuthenticationOptions Options(ServedCertificates certificates, DownstreamTlsConfig tls) =>
        certificates.Options(tls, MeshAlpn.ForServer(http1: true, http2: true), new HandshakePeer());

    private static string RootOf(ServedCertificates certificates, DownstreamTlsConfig tls) => Assert.Single(Options(certificates, tls).CertificateChainPolicy!.CustomTrustStore).Thumbprint;

    private static DownstreamTlsConfig Tls(string folder) =>
        new("", null, RequireClientCertificate: false) { Served = new ServedTlsConfig(new CredentialConfig(folder, null, null), null) };

    private X509Certificate2 Write(string folder, string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        Directory.CreateDirectory(_folder.File(folder));
        File.WriteAllText(_folder.File($"{folder}/tls.crt"), certificate.ExportCertificatePem());
        File.WriteAllText(_folder.File($"{folder}/tls.key"), key.ExportPkcs8PrivateKeyPem());
        return certificate;
    }
}
