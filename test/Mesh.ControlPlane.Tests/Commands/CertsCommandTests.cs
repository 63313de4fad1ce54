using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using ProxylessMesh.ControlPlane.CertificateAuthority;
using ProxylessMesh.ControlPlane.Commands;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.ControlPlane.Tests.Commands;

public sealed class CertsCommandTests : IDisposable
{
    private readonly TemporaryDirectory _root = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public CertsCommandTests() => Open().Dispose();

    private string Data => _root.File("data");

    private string Out => _root.File("out");

    public void Dispose()
    {
        _root.Dispose();
        _output.Dispose();
        _error.Dispose();
    }

    [Theory]
    [InlineData("EcdsaP256")]
    [InlineData("EcdsaP384")]
    [InlineData("Rsa2048")]
    public async Task An_exported_identity_is_one_that_peers_accept(string type)
    {
        Assert.Equal(0, await RunAsync(
            "certs", "export", "--service-account", "default/nginx", "--data", Data, "--out", Out, "--ttl", "720h", "--key-type", type, "--dns-name", "nginx.example.com"));

        using var key = PemPrivateKey.Read(await File.ReadAllTextAsync(Path.Combine(Out, "key.pem")))!;
        var roots = PemCertificates.Read(await File.ReadAllTextAsync(Path.Combine(Out, "root-cert.pem")));
        var identity = IdentityFactory.Create(await File.ReadAllTextAsync(Path.Combine(Out, "cert-chain.pem")), key, roots, TimeProvider.System);
        Assert.Equal("spiffe://cluster.local/ns/default/sa/nginx", identity.Certificate.Id.ToString());
        Assert.Equal(["nginx.example.com"], SvidNames.Of(identity.Certificate.Leaf)!.DnsNames);
        Assert.InRange(identity.Certificate.NotAfter - TimeProvider.System.GetUtcNow(), TimeSpan.FromHours(719), TimeSpan.FromHours(720));
        if (!OperatingSystem.IsWindows())
        {
            foreach (var file in Directory.GetFiles(Out))
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            }
        }
    }

    [Fact]
    public async Task A_pkcs12_file_opens_with_its_password_only()
    {
        await File.WriteAllTextAsync(_root.File("password"), "correct horse\n");
        Assert.Equal(64, await RunAsync("certs", "export", "--service-account", "default/java", "--data", Data, "--out", Out, "--format", "pkcs12"));
        Assert.Equal(0, await RunAsync(
            "certs", "export", "--service-account", "default/java", "--data", Data, "--out", Out, "--format", "pkcs12", "--password-file", _root.File("password")));

        var bytes = await File.ReadAllBytesAsync(Path.Combine(Out, "identity.p12"));
        using var read = X509CertificateLoader.LoadPkcs12(bytes, "correct horse");
        Assert.True(read.HasPrivateKey);
        Assert.Equal("spiffe://cluster.local/ns/default/sa/java", MeshTls.PeerIdOf(read)?.ToString());
        Assert.Throws<CryptographicException>(() => X509CertificateLoader.LoadPkcs12(bytes, "wrong"));
        Assert.False(File.Exists(Path.Combine(Out, "key.pem")));
    }

    [Fact]
    public async Task A_revoked_certificate_is_on_the_list_of_the_next_start_and_a_foreign_one_cannot_be()
    {
        await RunAsync("certs", "export", "--service-account", "default/nginx", "--data", Data, "--out", Out);
        var file = Path.Combine(Out, "cert-chain.pem");
        Assert.Equal(0, await RunAsync("certs", "revoke", "--certificate", file, "--data", Data));
        Assert.Equal(0, await RunAsync("certs", "revoke", "--certificate", file, "--data", Data));
        var leaf = PemCertificates.Read(await File.ReadAllTextAsync(file))[0];
        using (var authority = Open())
        {
            Assert.Contains("is revoked", PeerVerifier.Verify(leaf, [], authority.Bundle, TimeProvider.System).Error, StringComparison.Ordinal);
        }

        await File.WriteAllTextAsync(_root.File("foreign.pem"), new TestAuthority(TimeProvider.System, "elsewhere").Certificate.ExportCertificatePem());
        Assert.Equal(65, await RunAsync("certs", "revoke", "--certificate", _root.File("foreign.pem"), "--data", Data));
        Assert.Contains("was not issued by", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_prints_a_line_for_each_certificate()
    {
        Assert.Equal(0, await RunAsync("certs", "show", "--data", Data));
        var lines = _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("FILE", lines[0], StringComparison.Ordinal);
        Assert.Contains("O=cluster.local", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_root_is_rotated_in_three_steps_and_no_other_order()
    {
        var old = Roots()[0];
        Assert.Equal(65, await RunAsync("certs", "rotate-root", "activate", "--data", Data));
        Assert.Equal(65, await RunAsync("certs", "rotate-root", "finish", "--data", Data));
        Assert.Equal(0, await RunAsync("certs", "rotate-root", "prepare", "--data", Data));
        Assert.Equal(65, await RunAsync("certs", "rotate-root", "prepare", "--data", Data));
        using (var authority = Open())
        {
            Assert.Equal(old, authority.State.Signer.Certificate);
            Assert.Equal(2, authority.Bundle.Roots.Count);
        }

        Assert.Equal(65, await RunAsync("certs", "rotate-root", "finish", "--data", Data, "--force"));
        Assert.Equal(0, await RunAsync("certs", "rotate-root", "activate", "--data", Data));
        Assert.NotEqual(old, Roots()[0]);
        Assert.Equal(65, await RunAsync("certs", "rotate-root", "finish", "--data", Data));
        Assert.Equal(0, await RunAsync("certs", "rotate-root", "finish", "--data", Data, "--force"));
        Assert.DoesNotContain(old, Roots());
    }

    [Theory]
    [InlineData("certs", "show")]
    [InlineData("certs", "export", "--service-account", "nginx", "--data", "x", "--out", "y")]
    [InlineData("certs", "export", "--service-account", "a/b", "--data", "x", "--out", "y", "--ttl", "1s")]
    public async Task What_is_asked_wrongly_exits_with_64(params string[] args) => Assert.Equal(64, await RunAsync(args));

    private X509Certificate2Collection Roots()
    {
        using var authority = Open();
        return authority.Bundle.Roots;
    }

    private MeshCertificateAuthority Open() => MeshCertificateAuthority.Open(
        new CertificateAuthorityOptions { DataDirectory = Data }, TimeProvider.System, NullLogger<MeshCertificateAuthority>.Instance);

    private Task<int> RunAsync(params string[] args) =>
        MeshCommand.RunAsync(args, TimeProvider.System, new InvocationConfiguration { Output = _output, Error = _error }, CancellationToken.None);
}
