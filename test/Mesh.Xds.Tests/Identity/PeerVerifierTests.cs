using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.Xds.Tests.Identity;

public sealed class PeerVerifierTests : IDisposable
{
    private const string Id = "spiffe://cluster.local/ns/default/sa/reviews";

    private readonly FakeTime _time = new();
    private readonly TestAuthority _authority;
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public PeerVerifierTests() => _authority = new TestAuthority(_time);

    public void Dispose() => _key.Dispose();

    [Fact]
    public void A_proper_svid_proves_its_id()
    {
        Assert.Equal(PeerVerification.Trusted(SpiffeId.Parse(Id)), Verify(Leaf()));
        Assert.True(Verify(Leaf() with { ExtendedKeyUsage = null }).IsTrusted);
        Assert.True(Verify(Leaf() with { DnsNames = ["reviews"], Subject = "CN=reviews" }).IsTrusted);
    }

    [Fact]
    public void Either_root_will_do_while_one_is_being_replaced()
    {
        var next = new TestAuthority(_time);
        var both = new TrustBundle("cluster.local", [.. _authority.Roots, .. next.Roots]);

        Assert.True(PeerVerifier.Verify(_authority.Issue(_key, Leaf()), [], both, _time).IsTrusted);
        Assert.True(PeerVerifier.Verify(next.Issue(_key, Leaf()), [], both, _time).IsTrusted);
    }

    [Fact]
    public void Roots_of_the_machine_are_not_roots_of_the_mesh()
    {
        using var machine = new X509Store(StoreName.Root, StoreLocation.LocalMachine);
        machine.Open(OpenFlags.ReadOnly | OpenFlags.OpenExistingOnly);
        var root = machine.Certificates.FirstOrDefault();
        if (root is not null)
        {
            Assert.False(PeerVerifier.Verify(root, [], _authority.Bundle, _time).IsTrusted);
        }

        Assert.False(PeerVerifier.Verify(_authority.Issue(_key, Leaf()), [], new TrustBundle("cluster.local", []), _time).IsTrusted);
    }

    [Fact]
    public void Two_uris_are_refused() =>
        Refused(Leaf() with { Uris = [Id, "spiffe://cluster.local/ns/default/sa/admin"] }, "has 2 URIs as subject alternative names");

    [Fact]
    public void No_uri_is_refused_whatever_the_common_name_says() =>
        Refused(Leaf() with { Uris = [], DnsNames = ["reviews"], Subject = "CN=spiffe://cluster.local/ns/default/sa/reviews" }, "has no URI");

    [Theory]
    [InlineData("https://cluster.local/ns/default/sa/reviews")]
    [InlineData("spiffe://cluster.local/ns/default/sa/a%2fb")]
    [InlineData("spiffe://cluster.local/ns/default/sa/reviews?x")]
    [InlineData("spiffe://cluster.local:443/ns/default/sa/reviews")]
    public void Another_uri_is_refused(string uri) => Refused(Leaf() with { Uris = [uri] }, "is not a SPIFFE id");

    [Fact]
    public void A_workload_of_another_trust_domain_is_refused() =>
        Refused(Leaf() with { Uris = ["spiffe://other/ns/a/sa/b"] }, "spiffe://other/ns/a/sa/b belongs to another trust domain than cluster.local");

    [Fact]
    public void Time_is_the_clocks_that_was_given()
    {
        var leaf = _authority.Issue(_key, Leaf() with { NotBefore = _time.GetUtcNow().AddHours(1), NotAfter = _time.GetUtcNow().AddHours(2) });

        Assert.Equal("the certificate is not yet valid, only from 2030-01-01 01:00:00Z", Verify(leaf).Error);
        _time.Advance(TimeSpan.FromHours(1.5));
        Assert.True(Verify(leaf).IsTrusted);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal("the certificate expired at 2030-01-01 02:00:00Z", Verify(leaf).Error);
    }

    [Fact]
    public void An_expired_root_ends_trust()
    {
        var leaf = _authority.Issue(_key, Leaf() with { NotAfter = _authority.Certificate.NotAfter.ToUniversalTime() });
        _time.Advance(TimeSpan.FromDays(2999));
        Assert.True(Verify(leaf).IsTrusted);

        var later = new FakeTime(_time.GetUtcNow().AddDays(2));
        Assert.False(PeerVerifier.Verify(leaf, [], _authority.Bundle, later).IsTrusted);
    }

    [Fact]
    public void An_authority_is_no_workload()
    {
        Refused(Leaf() with { IsAuthority = true }, "is a certificate authority's");
        Assert.False(Verify(_authority.Certificate).IsTrusted);
    }

    [Theory]
    [InlineData(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyCertSign, "allows signing certificates")]
    [InlineData(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.CrlSign, "allows signing certificates or revocation lists")]
    [InlineData(X509KeyUsageFlags.KeyEncipherment, "does not allow digital signatures")]
    [InlineData(null, "does not allow digital signatures")]
    public void Key_usage_is_a_workloads(X509KeyUsageFlags? usage, string reason) => Refused(Leaf() with { KeyUsage = usage }, reason);

    [Fact]
    public void Extended_key_usage_fits_the_peers_role()
    {
        using var server = _authority.Issue(_key, Leaf() with { ExtendedKeyUsage = [TestLeaf.ServerAuth] });
        using var client = _authority.Issue(_key, Leaf() with { ExtendedKeyUsage = [TestLeaf.ClientAuth] });

        Assert.True(Verify(server, PeerRole.Server).IsTrusted);
        Assert.True(Verify(client, PeerRole.Client).IsTrusted);
        Assert.Contains("does not allow client authentication", Verify(server, PeerRole.Client).Error, StringComparison.Ordinal);
        Assert.Contains("does not allow server authentication", Verify(client, PeerRole.Server).Error, StringComparison.Ordinal);
        Refused(Leaf() with { ExtendedKeyUsage = ["1.3.6.1.5.5.7.3.3"] }, "extended key usage");
    }

    [Fact]
    public void A_leaf_that_another_leaf_signed_is_refused()
    {
        using var issuer = _authority.Issue(_key, Leaf()).CopyWithPrivateKey(_key);
        using var otherKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=forged", otherKey, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri("spiffe://cluster.local/ns/default/sa/admin"));
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        using var forged = request.Create(
            issuer.SubjectName, X509SignatureGenerator.CreateForECDsa(_key), _time.GetUtcNow(), _time.GetUtcNow().AddHours(1), [1, 2, 3]);

        Assert.False(PeerVerifier.Verify(forged, [issuer], _authority.Bundle, _time).IsTrusted);
    }

    [Fact]
    public void A_chain_is_followed_through_intermediates_and_no_further_than_the_limit()
    {
        var below = _authority.CreateIntermediate().CreateIntermediate();
        using var leaf = below.Issue(_key, Leaf());

        Assert.True(PeerVerifier.Verify(leaf, below.Intermediates, _authority.Bundle, _time).IsTrusted);
        Assert.Contains("does not chain to a root", PeerVerifier.Verify(leaf, [], _authority.Bundle, _time).Error, StringComparison.Ordinal);

        var many = new X509Certificate2Collection();
        for (var i = 0; i <= PeerVerifier.MaxIntermediates; i++)
        {
            many.Add(below.Intermediates[0]);
        }

        Assert.Contains("more than 8 intermediate", PeerVerifier.Verify(leaf, many, _authority.Bundle, _time).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("30")]
    [InlineData("3003860041")]
    [InlineData("30048602c3a9")]
    [InlineData("308086")]
    [InlineData("0500")]
    public void Damaged_names_are_refused(string der) => Refused(
        Leaf() with { Uris = [], OtherExtensions = [new X509Extension("2.5.29.17", Convert.FromHexString(der), critical: true)] }, "");

    [Fact]
    public void Certificates_with_flipped_bytes_never_throw_and_never_pass()
    {
        var good = _authority.Issue(_key, Leaf()).RawData;
        var random = new SeededRandom(7);
        for (var round = 0; round < 2000; round++)
        {
            var bytes = (byte[])good.Clone();
            var at = random.Next(bytes.Length);
            bytes[at] ^= (byte)(1 << random.Next(8));
            X509Certificate2 certificate;
            try
            {
                certificate = X509CertificateLoader.LoadCertificate(bytes);
            }
            catch (CryptographicException)
            {
                continue;
            }

            using (certificate)
            {
                Assert.False(Verify(certificate).IsTrusted, $"byte {at}");
            }
        }
    }

    private static TestLeaf Leaf() => new() { Uris = [Id] };

    private PeerVerification Verify(TestLeaf leaf)
    {
        using var certificate = _authority.Issue(_key, leaf);
        return Verify(certificate);
    }

    private PeerVerification Verify(X509Certificate2 leaf, PeerRole? role = null) => PeerVerifier.Verify(leaf, [], _authority.Bundle, _time, role);

    private void Refused(TestLeaf leaf, string reason)
    {
        var verification = Verify(leaf);
        Assert.Null(verification.Id);
        Assert.Contains(reason, verification.Error, StringComparison.Ordinal);
    }
}
