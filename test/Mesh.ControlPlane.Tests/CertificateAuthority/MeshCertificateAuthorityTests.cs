using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ProxylessMesh.ControlPlane.CertificateAuthority;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.ControlPlane.Tests.CertificateAuthority;

public sealed class MeshCertificateAuthorityTests : AuthorityFixture
{
    [Fact]
    public void What_it_issues_is_an_svid_that_peers_accept()
    {
        using var authority = Open();
        using var key = SigningRequest.NewKey();
        var chain = authority.Issue(Reviews, SigningRequest.Create(key), lifetime: null);
        using var leaf = LeafOf(chain);

        foreach (var role in Enum.GetValues<PeerRole>())
        {
            Assert.Equal(PeerVerification.Trusted(Reviews), PeerVerifier.Verify(leaf, [], authority.Bundle, Time, role));
        }

        Assert.Equal(2, chain.Count);
        Assert.Equal(authority.Bundle.Roots[0].ExportCertificatePem(), chain[^1]);
        Assert.Equal(Reviews, IdentityFactory.Create(string.Join('\n', chain), key, null, Time).Certificate.Id);
        Assert.Equal(X509KeyUsageFlags.DigitalSignature, leaf.Extensions.OfType<X509KeyUsageExtension>().Single().KeyUsages);
        Assert.False(leaf.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority);
        Assert.Equal(Time.GetUtcNow().AddMinutes(-1).UtcDateTime, leaf.NotBefore.ToUniversalTime());
        Assert.Equal(Time.GetUtcNow().AddHours(24).UtcDateTime, leaf.NotAfter.ToUniversalTime());
        Assert.Equal(16, leaf.SerialNumberBytes.Length);
    }

    [Fact]
    public void Names_and_extensions_of_the_request_mean_nothing()
    {
        using var authority = Open();
        using var key = SigningRequest.NewKey();
        var greedy = RequestFor(key, subject: "CN=admin, O=cluster.local", describe: request =>
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddUri(new Uri("spiffe://cluster.local/ns/istio-system/sa/istiod"));
            names.AddDnsName("istiod.istio-system.svc");
            request.CertificateExtensions.Add(names.Build());
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
            request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        });
        using var leaf = LeafOf(authority.Issue(Reviews, greedy, lifetime: null));

        Assert.Equal([Reviews.ToString()], SvidNames.Of(leaf)!.Uris);
        Assert.Empty(SvidNames.Of(leaf)!.DnsNames);
        Assert.Equal("", leaf.Subject);
        Assert.True(PeerVerifier.Verify(leaf, [], authority.Bundle, Time).IsTrusted);
    }

    [Fact]
    public void Every_certificate_has_its_own_serial_number()
    {
        using var authority = Open();
        using var key = SigningRequest.NewKey();
        var request = SigningRequest.Create(key);
        Assert.Equal(50, Enumerable.Range(0, 50).Select(_ => LeafOf(authority.Issue(Reviews, request, null)).SerialNumber).Distinct().Count());
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(48, 24)]
    [InlineData(0, 24)]
    [InlineData(-5, 24)]
    public void The_lifetime_is_what_was_asked_up_to_the_limit(int asked, int given)
    {
        using var authority = Open();
        Assert.Equal(Time.GetUtcNow().AddHours(given).UtcDateTime, EndOf(authority, TimeSpan.FromHours(asked)));
    }

    [Fact]
    public void No_certificate_outlives_the_authority()
    {
        using var authority = Open(Options with { RootLifetime = TimeSpan.FromHours(30) });
        var end = Time.GetUtcNow().AddHours(30).UtcDateTime;
        Time.Advance(TimeSpan.FromHours(20));
        Assert.Equal(end, EndOf(authority, TimeSpan.FromHours(24)));

        Time.Advance(TimeSpan.FromHours(11));
        using var key = SigningRequest.NewKey();
        var refused = Assert.Throws<SigningRequestException>(() => authority.Issue(Reviews, SigningRequest.Create(key), null));
        Assert.Equal("the certificate authority expired at 2030-01-02 06:00:00Z", refused.Message);
    }

    [Fact]
    public void Rsa_keys_may_also_encipher_keys()
    {
        using var authority = Open();
        using var key = RSA.Create(2048);
        using var leaf = LeafOf(authority.Issue(Reviews, RequestFor(key), null));

        Assert.Equal(
            X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment,
            leaf.Extensions.OfType<X509KeyUsageExtension>().Single().KeyUsages);
        Assert.True(PeerVerifier.Verify(leaf, [], authority.Bundle, Time).IsTrusted);
    }

    [Fact]
    public void Weak_and_unknown_keys_are_refused()
    {
        using var authority = Open();
        using var small = RSA.Create(1024);
        Refused(authority, RequestFor(small), "2048 to 4096 bits");
        using var huge = RSA.Create(5120);
        Refused(authority, RequestFor(huge), "2048 to 4096 bits");
        using var curve = ECDsa.Create(ECCurve.NamedCurves.brainpoolP256r1);
        Refused(authority, RequestFor(curve), "none of P-256, P-384 and P-521");
    }

    [Fact]
    public void A_key_that_anybody_could_sign_for_is_refused_before_it_is_used()
    {
        using var authority = Open();
        using var key = RSA.Create(2048);
        var der = Convert.FromBase64String(string.Concat(RequestFor(key).Split('\n').Where(l => !l.StartsWith('-'))));

        // In place of 65537: an even one, a negative one, one that is no DER, and one that is not the key's.
        var at = der.AsSpan().IndexOf((byte[])[0x02, 0x03, 0x01, 0x00, 0x01]);
        (byte[] Exponent, string Reason)[] cases =
        [
            ([0x01, 0x00, 0x00], "the exponent of an RSA key must be odd"),
            ([0xff, 0x00, 0x01], "the exponent of an RSA key must be odd"),
            ([0x00, 0x00, 0x01], "the key is damaged"),
            ([0x01, 0x00, 0x03], "not signed by its own key"),
        ];
        foreach (var (exponent, reason) in cases)
        {
            exponent.CopyTo(der.AsSpan(at + 2));
            Refused(authority, PemEncoding.WriteString("CERTIFICATE REQUEST", der), reason);
        }
    }

    [Fact]
    public void A_request_that_another_key_signed_is_refused()
    {
        using var authority = Open();
        using var key = SigningRequest.NewKey();
        var pem = SigningRequest.Create(key);
        var der = Convert.FromBase64String(string.Concat(pem.Split('\n').Where(l => !l.StartsWith('-'))));
        der[^5] ^= 1;
        Refused(authority, PemEncoding.WriteString("CERTIFICATE REQUEST", der), "not signed by its own key");
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("-----BEGIN CERTIFICATE REQUEST-----\n-----END CERTIFICATE REQUEST-----")]
    [InlineData("-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----")]
    [InlineData("-----BEGIN CERTIFICATE REQUEST-----\n!!!!\n-----END CERTIFICATE REQUEST-----")]
    [InlineData("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----")]
    public void Garbage_is_refused(string pem)
    {
        using var authority = Open();
        Refused(authority, pem, "not PKCS#10 in PEM");
    }

    [Fact]
    public void A_huge_request_is_refused_unread()
    {
        using var authority = Open();
        Refused(authority, new string('A', 10_000_000), "longer than 16384 characters");
    }

    [Fact]
    public void Damaged_requests_never_break_the_authority()
    {
        using var authority = Open();
        using var key = SigningRequest.NewKey();
        var der = Convert.FromBase64String(string.Concat(SigningRequest.Create(key).Split('\n').Where(l => !l.StartsWith('-'))));
        var random = new ProxylessMesh.Testing.SeededRandom(3);
        for (var round = 0; round < 2000; round++)
        {
            var bytes = (byte[])der.Clone();
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var pem = PemEncoding.WriteString("CERTIFICATE REQUEST", bytes.AsSpan(0, random.Next(2) == 0 ? bytes.Length : random.Next(bytes.Length)));
            try
            {
                authority.Issue(Reviews, pem, null);
            }
            catch (SigningRequestException)
            {
            }
        }
    }

    [Fact]
    public void Nobody_of_another_trust_domain_is_certified()
    {
        using var authority = Open();
        using var key = SigningRequest.NewKey();
        Assert.Contains(
            "is not of trust domain cluster.local",
            Assert.Throws<SigningRequestException>(() => authority.Issue(SpiffeId.Parse("spiffe://other/ns/a/sa/b"), SigningRequest.Create(key), null)).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "is not a trust domain",
            Assert.Throws<CertificateAuthorityException>(() => Open(Options with { TrustDomain = "Cluster.Local" })).Message,
            StringComparison.Ordinal);
    }

    private static void Refused(MeshCertificateAuthority authority, string request, string reason)
    {
        var refused = Assert.Throws<SigningRequestException>(() => authority.Issue(Reviews, request, null));
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }

    private static DateTime EndOf(MeshCertificateAuthority authority, TimeSpan lifetime)
    {
        using var key = SigningRequest.NewKey();
        using var leaf = LeafOf(authority.Issue(Reviews, SigningRequest.Create(key), lifetime));
        return leaf.NotAfter.ToUniversalTime();
    }
}
