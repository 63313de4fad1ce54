using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ProxylessMesh.Testing;

namespace ProxylessMesh.Server.Tests.Fixture;

/// <summary>Certificates of the mesh's own authority as an attacker would want them. Each has its private key.</summary>
internal static class WrongCertificate
{
    private const string Id = "spiffe://cluster.local/ns/default/sa/productpage";

    public static (X509Certificate2 Leaf, X509Certificate2Collection Chain) Create(string what, TestAuthority authority)
    {
        var now = TimeProvider.System.GetUtcNow();
        var leaf = new TestLeaf { Uris = [Id] };
        return what switch
        {
            "right" => Issue(authority, leaf),
            "other trust domain" => Issue(authority, leaf with { Uris = ["spiffe://evil.example/ns/default/sa/productpage"] }),
            "trust domain as a prefix" => Issue(authority, leaf with { Uris = ["spiffe://cluster.local.evil.example/ns/default/sa/productpage"] }),
            "two URIs" => Issue(authority, leaf with { Uris = [Id, "spiffe://cluster.local/ns/default/sa/admin"] }),
            "common name only" => Issue(authority, leaf with { Uris = [], Subject = $"CN={Id}" }),
            "DNS name only" => Issue(authority, leaf with { Uris = [], DnsNames = ["productpage.default.svc.cluster.local"] }),
            "expired" => Issue(authority, leaf with { NotBefore = now.AddHours(-2), NotAfter = now.AddHours(-1) }),
            "not yet valid" => Issue(authority, leaf with { NotBefore = now.AddHours(1), NotAfter = now.AddHours(2) }),
            "for servers only" => Issue(authority, leaf with { ExtendedKeyUsage = [TestLeaf.ServerAuth] }),
            "for signing code" => Issue(authority, leaf with { ExtendedKeyUsage = ["1.3.6.1.5.5.7.3.3"] }),
            "an authority" => Issue(authority, leaf with { IsAuthority = true }),
            "may sign certificates" => Issue(authority, leaf with { KeyUsage = X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyCertSign }),
            "self-signed" => SelfSigned(),
            "ten authorities deep" => Deep(authority),
            _ => Issue(authority, leaf with { Uris = [], OtherExtensions = [RawUri(what)] }),
        };
    }

    private static (X509Certificate2, X509Certificate2Collection) Issue(TestAuthority authority, TestLeaf leaf)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = authority.Issue(key, leaf);
        return (certificate.CopyWithPrivateKey(key), authority.Intermediates);
    }

    private static (X509Certificate2, X509Certificate2Collection) Deep(TestAuthority authority)
    {
        for (var i = 0; i < 10; i++)
        {
            authority = authority.CreateIntermediate();
        }

        return Issue(authority, new TestLeaf { Uris = [Id] });
    }

    private static (X509Certificate2, X509Certificate2Collection) SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=productpage", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(RawUri(Id));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        var now = TimeProvider.System.GetUtcNow();
        return (request.CreateSelfSigned(now.AddMinutes(-1), now.AddHours(1)), []);
    }

    // As written: System.Uri would tidy it up.
    private static X509Extension RawUri(string uri)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteCharacterString(UniversalTagNumber.IA5String, uri, new Asn1Tag(TagClass.ContextSpecific, 6));
        }

        return new X509Extension("2.5.29.17", writer.Encode(), critical: false);
    }
}
