using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ProxylessMesh.ControlPlane.CertificateAuthority;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.ControlPlane.Tests.CertificateAuthority;

/// <summary>What is written by hand is read by the runtime, which has its own idea of DER.</summary>
public sealed class LeafEncoderTests
{
    private static readonly DateTimeOffset s_now = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Theory]
    [InlineData("nistP256", "1.2.840.10045.4.3.2")]
    [InlineData("nistP384", "1.2.840.10045.4.3.3")]
    [InlineData("nistP521", "1.2.840.10045.4.3.4")]
    [InlineData("rsa", "1.2.840.113549.1.1.11")]
    public void Every_kind_of_authority_signs_what_chains_to_it(string kind, string algorithm)
    {
        using AsymmetricAlgorithm key = kind == "rsa" ? RSA.Create(2048) : ECDsa.Create(ECCurve.CreateFromFriendlyName(kind));
        using var root = Root(key);
        using var leaf = Sign(root, key, s_now, s_now.AddHours(1));

        Assert.Equal(algorithm, leaf.SignatureAlgorithm.Value);
        Assert.Equal(3, leaf.Version);
        Assert.Equal("4142", leaf.SerialNumber);
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(root);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = s_now.LocalDateTime.AddMinutes(1);
        Assert.True(chain.Build(leaf));
        Assert.Equal(
            root.Extensions.OfType<X509SubjectKeyIdentifierExtension>().Single().SubjectKeyIdentifierBytes.ToArray(),
            leaf.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().Single().KeyIdentifier?.ToArray());
    }

    [Theory]
    [InlineData(2049)]
    [InlineData(2050)]
    [InlineData(2101)]
    public void Both_forms_of_time_are_read_as_written(int year)
    {
        using var key = SigningRequest.NewKey();
        using var root = Root(key);
        var end = new DateTimeOffset(year, 12, 31, 23, 59, 59, TimeSpan.Zero);
        using var leaf = Sign(root, key, s_now, end);
        Assert.Equal((s_now.UtcDateTime, end.UtcDateTime), (leaf.NotBefore.ToUniversalTime(), leaf.NotAfter.ToUniversalTime()));
    }

    [Fact]
    public void Names_of_each_kind_are_there()
    {
        using var key = SigningRequest.NewKey();
        using var root = Root(key);
        using var leaf = Sign(root, key, s_now, s_now.AddHours(1));
        var names = leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single();

        Assert.True(names.Critical);
        Assert.Equal(["localhost", "xn--bcher-kva.example"], names.EnumerateDnsNames());
        Assert.Equal([IPAddress.Loopback, IPAddress.IPv6Loopback], names.EnumerateIPAddresses());
        Assert.Equal(["spiffe://cluster.local/ns/default/sa/reviews"], SvidNames.Of(leaf)!.Uris);
    }

    [Fact]
    public void Many_may_sign_at_once()
    {
        using var key = SigningRequest.NewKey();
        using var root = Root(key);
        var encoder = new LeafEncoder(root, new SigningKeys(key));
        Parallel.For(0, 200, _ =>
        {
            using var leaf = X509CertificateLoader.LoadCertificate(encoder.Sign(Content(key, s_now, s_now.AddHours(1))));
            Assert.Equal(root.Subject, leaf.Issuer);
        });
    }

    private static X509Certificate2 Sign(X509Certificate2 root, AsymmetricAlgorithm key, DateTimeOffset from, DateTimeOffset to)
    {
        using var workload = SigningRequest.NewKey();
        return X509CertificateLoader.LoadCertificate(new LeafEncoder(root, new SigningKeys(key)).Sign(Content(workload, from, to)));
    }

    private static LeafContent Content(ECDsa workload, DateTimeOffset from, DateTimeOffset to) => new(
        new PublicKey(workload),
        new LeafNames(SpiffeId.Parse("spiffe://cluster.local/ns/default/sa/reviews"), ["localhost", "bücher.example"], [IPAddress.Loopback, IPAddress.IPv6Loopback]),
        [0x41, 0x42],
        from,
        to);

    private static X509Certificate2 Root(AsymmetricAlgorithm key)
    {
        var request = key is RSA rsa
            ? new CertificateRequest("O=test", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest("O=test", (ECDsa)key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        using var root = request.CreateSelfSigned(s_now.AddMinutes(-1), s_now.AddYears(100));
        return X509CertificateLoader.LoadCertificate(root.RawData);
    }
}
