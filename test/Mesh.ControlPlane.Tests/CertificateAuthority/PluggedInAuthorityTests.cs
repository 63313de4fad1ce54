using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ProxylessMesh.ControlPlane.CertificateAuthority;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.ControlPlane.Tests.CertificateAuthority;

/// <summary>An authority of the operator's, in files named as Istio's secret <c>cacerts</c>.</summary>
public sealed class PluggedInAuthorityTests : AuthorityFixture
{
    private readonly TemporaryDirectory _folder = new();

    private CertificateAuthorityOptions Plugged => Options with { PluggedInDirectory = _folder.Path, ReloadInterval = TimeSpan.FromSeconds(1) };

    [Theory]
    [InlineData("P-256")]
    [InlineData("P-384")]
    [InlineData("2048")]
    [InlineData("3072")]
    [InlineData("4096")]
    public void It_signs_with_any_strong_key(string kind)
    {
        using AsymmetricAlgorithm key = kind.StartsWith('P')
            ? ECDsa.Create(ECCurve.CreateFromFriendlyName(kind == "P-256" ? "nistP256" : "nistP384"))
            : RSA.Create(int.Parse(kind, System.Globalization.CultureInfo.InvariantCulture));
        WriteRoot(key);
        using var authority = Open(Plugged);
        foreach (var type in Enum.GetValues<WorkloadKeyType>())
        {
            using var workload = SigningRequest.NewKey(type);
            var chain = authority.Issue(Reviews, SigningRequest.Create(workload), null);
            Assert.Equal(Reviews, IdentityFactory.Create(string.Join('\n', chain), workload, null, Time).Certificate.Id);
        }
    }

    [Fact]
    public void A_weak_key_does_not_sign()
    {
        using var key = RSA.Create(1024);
        WriteRoot(key);
        Assert.Contains("2048 to 4096 bits", Assert.Throws<CertificateAuthorityException>(() => Open(Plugged)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_chain_is_leaf_intermediates_and_roots_apart()
    {
        var root = new TestAuthority(Time);
        var below = root.CreateIntermediate().CreateIntermediate();
        Write(below, root);
        using var authority = Open(Plugged);
        using var workload = SigningRequest.NewKey();
        var chain = authority.Issue(Reviews, SigningRequest.Create(workload), null);

        Assert.Equal(4, chain.Count);
        Assert.Equal(below.Certificate.ExportCertificatePem(), chain[1]);
        Assert.Equal(root.Roots[0].ExportCertificatePem(), chain[3]);
        using var leaf = LeafOf(chain);
        Assert.True(PeerVerifier.Verify(leaf, below.Intermediates, authority.Bundle, Time).IsTrusted);
        Assert.False(PeerVerifier.Verify(leaf, [], authority.Bundle, Time).IsTrusted);
    }

    [Fact]
    public void A_missing_intermediate_stops_the_start()
    {
        var root = new TestAuthority(Time);
        Write(root.CreateIntermediate().CreateIntermediate(), root);
        File.Delete(_folder.File("cert-chain.pem"));
        Assert.Contains("does not chain to", Assert.Throws<CertificateAuthorityException>(() => Open(Plugged)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_folder_stays_as_it_is()
    {
        var root = new TestAuthority(Time);
        Assert.Contains("is missing", Assert.Throws<CertificateAuthorityException>(() => Open(Plugged)).Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path));
        Write(root, root);
        Open(Plugged).Dispose();
        Assert.False(Directory.Exists(Data));
        Assert.Contains(
            "is no folder",
            Assert.Throws<CertificateAuthorityException>(() => Open(Plugged with { PluggedInDirectory = _folder.File("nowhere") })).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_intermediate_of_the_same_root_signs_as_soon_as_its_files_rest()
    {
        var root = new TestAuthority(Time);
        Write(root.CreateIntermediate(), root);
        using var authority = Open(Plugged);
        authority.Watch();
        var next = root.CreateIntermediate();
        Write(next, root);
        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotEqual(next.Certificate.SerialNumber, authority.State.Signer.Certificate.SerialNumber);
        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(next.Certificate.SerialNumber, authority.State.Signer.Certificate.SerialNumber);
    }

    [Fact]
    public void A_root_that_nobody_trusts_yet_is_distributed_but_does_not_sign()
    {
        var old = new TestAuthority(Time);
        var next = new TestAuthority(Time);
        Write(old, old);
        using var authority = Open(Plugged);
        var everyone = false;
        authority.EveryoneTrusts = () => everyone;
        authority.Watch();
        Write(next, next, old);
        Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(old.Roots[0], authority.State.Signer.Certificate);
        Assert.Equal([old.Roots[0], next.Roots[0]], authority.Bundle.Roots);

        everyone = true;
        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(next.Roots[0], authority.State.Signer.Certificate);
        Assert.Equal([next.Roots[0], old.Roots[0]], authority.Bundle.Roots);
    }

    [Fact]
    public void What_cannot_be_used_leaves_the_authority_as_it_is_and_is_said_once()
    {
        var root = new TestAuthority(Time);
        Write(root, root);
        using var authority = Open(Plugged);
        authority.Watch();
        foreach (var damage in (Action[])[() => File.WriteAllText(_folder.File("ca-key.pem"), "damaged"), () => File.Delete(_folder.File("root-cert.pem")), WriteStranger])
        {
            Write(root, root);
            Time.Advance(TimeSpan.FromSeconds(5));
            var before = Logs.Entries.Count(e => e.Id.Id == 4321);
            damage();
            Time.Advance(TimeSpan.FromSeconds(10));
            Assert.Equal(root.Roots[0], authority.State.Signer.Certificate);
            Assert.Equal(before + 1, Logs.Entries.Count(e => e.Id.Id == 4321));
        }

        void WriteStranger()
        {
            var stranger = new TestAuthority(Time);
            Write(stranger, stranger);
        }
    }

    private void WriteRoot(AsymmetricAlgorithm key)
    {
        var request = key is RSA rsa
            ? new CertificateRequest("O=operator", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest("O=operator", (ECDsa)key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        using var root = request.CreateSelfSigned(Time.GetUtcNow().AddDays(-1), Time.GetUtcNow().AddDays(100));
        File.WriteAllText(_folder.File("ca-key.pem"), key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(_folder.File("ca-cert.pem"), root.ExportCertificatePem());
        File.WriteAllText(_folder.File("root-cert.pem"), root.ExportCertificatePem());
    }

    private void Write(TestAuthority signer, params TestAuthority[] roots)
    {
        using var key = signer.Certificate.GetECDsaPrivateKey()!;
        File.WriteAllText(_folder.File("ca-key.pem"), key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(_folder.File("ca-cert.pem"), signer.Certificate.ExportCertificatePem());
        File.WriteAllText(_folder.File("root-cert.pem"), string.Join('\n', roots.Select(r => r.Certificate.ExportCertificatePem())));
        if (signer.Intermediates.Count > 0)
        {
            File.WriteAllText(_folder.File("cert-chain.pem"), string.Join('\n', signer.Intermediates.Select(c => c.ExportCertificatePem())));
        }
    }
}
