using System.Security.Cryptography;
using ProxylessMesh.ControlPlane.CertificateAuthority;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.ControlPlane.Tests.CertificateAuthority;

public sealed class SigningKeyStoreTests : AuthorityFixture
{
    private static readonly string[] s_files = ["ca-key.pem", "ca-cert.pem", "root-cert.pem"];

    [Fact]
    public void The_root_outlives_a_restart()
    {
        using var first = Open();
        using var second = Open();

        Assert.Equal(first.Bundle.Roots[0].RawData, second.Bundle.Roots[0].RawData);
        Assert.Equal("O=cluster.local", first.Bundle.Roots[0].Subject);
        Assert.Equal(Time.GetUtcNow().AddDays(3650).UtcDateTime, first.Bundle.Roots[0].NotAfter.ToUniversalTime());
        Assert.Single(Logs.Entries, e => e.Id.Id == 4300);
        Assert.Equal(s_files.Order(), Directory.GetFiles(Data).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Only_the_owner_may_read_the_key()
    {
        Open().Dispose();
        if (!OperatingSystem.IsWindows())
        {
            const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            Assert.Equal(owner | UnixFileMode.UserExecute, File.GetUnixFileMode(Data));
            Assert.Equal(owner, File.GetUnixFileMode(PathOf("ca-key.pem")));
            Assert.Equal(owner | UnixFileMode.GroupRead | UnixFileMode.OtherRead, File.GetUnixFileMode(PathOf("root-cert.pem")));
        }
    }

    [Theory]
    [InlineData("ca-key.pem")]
    [InlineData("ca-cert.pem")]
    [InlineData("root-cert.pem")]
    public void A_missing_or_damaged_file_stops_the_start_and_is_never_replaced(string name)
    {
        Open().Dispose();
        var text = File.ReadAllText(PathOf(name));
        foreach (var damaged in (string?[])[null, "", "hello", text[..(text.Length / 2)], new string('x', 300_000)])
        {
            File.Delete(PathOf(name));
            if (damaged is not null)
            {
                File.WriteAllText(PathOf(name), damaged);
            }

            var refused = Assert.Throws<CertificateAuthorityException>(() => Open());
            Assert.Contains(name, refused.Message, StringComparison.Ordinal);
            Assert.Equal(damaged, File.Exists(PathOf(name)) ? File.ReadAllText(PathOf(name)) : null);
        }

        File.WriteAllText(PathOf(name), text);
        Open().Dispose();
    }

    [Fact]
    public void A_key_of_another_certificate_stops_the_start()
    {
        Open().Dispose();
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllText(PathOf("ca-key.pem"), other.ExportPkcs8PrivateKeyPem());
        Assert.Contains("is not the key of", Assert.Throws<CertificateAuthorityException>(() => Open()).Message, StringComparison.Ordinal);

        using var rsa = RSA.Create(2048);
        File.WriteAllText(PathOf("ca-key.pem"), rsa.ExportPkcs8PrivateKeyPem());
        Assert.Contains("is not the key of", Assert.Throws<CertificateAuthorityException>(() => Open()).Message, StringComparison.Ordinal);
        File.WriteAllText(PathOf("ca-key.pem"), rsa.ExportRSAPublicKeyPem());
        Assert.Contains("no unencrypted ECDSA or RSA private key", Assert.Throws<CertificateAuthorityException>(() => Open()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_leaf_is_no_authority_and_a_strange_root_is_no_root()
    {
        using var authority = Open();
        using var key = SigningRequest.NewKey();
        File.WriteAllText(PathOf("ca-key.pem"), key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(PathOf("ca-cert.pem"), authority.Issue(Reviews, SigningRequest.Create(key), null)[0]);
        Assert.Contains("is not a certificate authority's", Assert.Throws<CertificateAuthorityException>(() => Open()).Message, StringComparison.Ordinal);

        Directory.Delete(Data, recursive: true);
        Open().Dispose();
        File.WriteAllText(PathOf("root-cert.pem"), new TestAuthority(Time).Roots[0].ExportCertificatePem());
        Assert.Contains("does not chain to", Assert.Throws<CertificateAuthorityException>(() => Open()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_expired_root_stops_the_start()
    {
        Open(Options with { RootLifetime = TimeSpan.FromDays(1) }).Dispose();
        Time.Advance(TimeSpan.FromDays(2));
        Assert.Contains("is valid from", Assert.Throws<CertificateAuthorityException>(() => Open()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_authority_below_a_root_of_the_operator_signs_too()
    {
        var parent = new TestAuthority(Time);
        var below = parent.CreateIntermediate();
        Directory.CreateDirectory(Data);
        using (var key = System.Security.Cryptography.X509Certificates.ECDsaCertificateExtensions.GetECDsaPrivateKey(below.Certificate)!)
        {
            File.WriteAllText(PathOf("ca-key.pem"), key.ExportPkcs8PrivateKeyPem());
        }

        File.WriteAllText(PathOf("ca-cert.pem"), below.Certificate.ExportCertificatePem());
        File.WriteAllText(PathOf("root-cert.pem"), parent.Roots[0].ExportCertificatePem());
        using var authority = Open();
        using var workload = SigningRequest.NewKey();
        var chain = authority.Issue(Reviews, SigningRequest.Create(workload), null);

        Assert.Equal(3, chain.Count);
        Assert.Equal(Reviews, IdentityFactory.Create(string.Join('\n', chain), workload, null, Time).Certificate.Id);
    }

    [Fact]
    public void A_data_directory_that_is_a_file_stops_the_start()
    {
        File.WriteAllText(Data, "");
        Assert.Contains("cannot be used", Assert.Throws<CertificateAuthorityException>(() => Open()).Message, StringComparison.Ordinal);
    }
}
