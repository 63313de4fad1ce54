using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.Testing;

/// <summary>A certificate authority whose leaves can be as wrong as a test needs them.</summary>
internal sealed class TestAuthority
{
    private readonly TimeProvider _time;

    // Which of several roots of the same name signed, while one is being replaced.
    private readonly X509AuthorityKeyIdentifierExtension _issuedBy;

    public TestAuthority(TimeProvider time, string trustDomain = "cluster.local")
        : this(time, trustDomain, parent: null)
    {
    }

    private TestAuthority(TimeProvider time, string trustDomain, TestAuthority? parent)
    {
        _time = time;
        TrustDomain = trustDomain;
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"O={trustDomain}{(parent is null ? "" : ", CN=intermediate " + Convert.ToHexString(Serial()))}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        var keyId = new X509SubjectKeyIdentifierExtension(request.PublicKey, false);
        request.CertificateExtensions.Add(keyId);
        _issuedBy = X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(keyId);
        var (from, to) = (time.GetUtcNow().AddDays(-1), time.GetUtcNow().AddDays(3000));
        if (parent is null)
        {
            Certificate = request.CreateSelfSigned(from, to);
            Roots = [X509CertificateLoader.LoadCertificate(Certificate.RawData)];
        }
        else
        {
            request.CertificateExtensions.Add(parent._issuedBy);
            using var signed = request.Create(parent.Certificate, from.AddMinutes(1), to.AddDays(-1), Serial());
            Certificate = signed.CopyWithPrivateKey(key);
            Intermediates = [X509CertificateLoader.LoadCertificate(Certificate.RawData), .. parent.Intermediates];
            Roots = parent.Roots;
        }
    }

    private TestAuthority(TimeProvider time, string trustDomain, X509Certificate2 root)
    {
        _time = time;
        TrustDomain = trustDomain;
        Certificate = root;
        Roots = [X509CertificateLoader.LoadCertificate(root.RawData)];
        _issuedBy = X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(root.Extensions.OfType<X509SubjectKeyIdentifierExtension>().Single());
    }

    /// <summary>With the key.</summary>
    public X509Certificate2 Certificate { get; }

    public string TrustDomain { get; }

    public X509Certificate2Collection Roots { get; }

    public X509Certificate2Collection Intermediates { get; } = [];

    public TrustBundle Bundle => new(TrustDomain, Roots);

    /// <summary>With the root and key of a real authority: for what that one would never issue.</summary>
    public static TestAuthority Load(TimeProvider time, string trustDomain, string certificateFile, string keyFile) =>
        new(time, trustDomain, X509Certificate2.CreateFromPemFile(certificateFile, keyFile));

    /// <summary>An authority below this one.</summary>
    public TestAuthority CreateIntermediate() => new(_time, TrustDomain, this);

    /// <summary>A workload's certificate and the roots, ready for handshakes.</summary>
    /// <param name="spiffeId">Its identity.</param>
    /// <param name="leaf">What is wrong with it.</param>
    public IdentityState IssueIdentity(string spiffeId, TestLeaf? leaf = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = Issue(key, (leaf ?? new TestLeaf()) with { Uris = [spiffeId] });
        return new IdentityState(WorkloadCertificate.Create([certificate, .. Intermediates, .. Roots], key), Bundle);
    }

    /// <summary>Of default/NAME.</summary>
    public IdentityState IssueFor(string serviceAccount) => IssueIdentity($"spiffe://{TrustDomain}/ns/default/sa/{serviceAccount}");

    /// <summary>A leaf without its private key.</summary>
    public X509Certificate2 Issue(ECDsa key, TestLeaf leaf) => Issue(new PublicKey(key), leaf);

    /// <summary>A leaf for somebody else's key.</summary>
    public X509Certificate2 Issue(PublicKey key, TestLeaf leaf)
    {
        var request = new CertificateRequest(new X500DistinguishedName(leaf.Subject), key, HashAlgorithmName.SHA256);
        Describe(request, leaf);
        request.CertificateExtensions.Add(_issuedBy);
        var now = _time.GetUtcNow();
        using var signer = Certificate.GetECDsaPrivateKey()!;

        // This overload signs keys of other kinds than its own, too.
        return request.Create(Certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(signer), leaf.NotBefore ?? now.AddMinutes(-1), leaf.NotAfter ?? now.AddHours(24), Serial());
    }

    private static void Describe(CertificateRequest request, TestLeaf leaf)
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (var uri in leaf.Uris)
        {
            names.AddUri(new Uri(uri));
        }

        foreach (var host in leaf.DnsNames)
        {
            names.AddDnsName(host);
        }

        foreach (var address in leaf.Addresses)
        {
            names.AddIpAddress(IPAddress.Parse(address));
        }

        if (leaf.Uris.Length + leaf.DnsNames.Length + leaf.Addresses.Length > 0)
        {
            request.CertificateExtensions.Add(names.Build());
        }

        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(leaf.IsAuthority, false, 0, true));
        if (leaf.KeyUsage is { } usage)
        {
            request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, true));
        }

        if (leaf.ExtendedKeyUsage is { } purposes)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. purposes.Select(p => new Oid(p))], false));
        }

        foreach (var extension in leaf.OtherExtensions)
        {
            request.CertificateExtensions.Add(extension);
        }
    }

    private static byte[] Serial()
    {
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x3f) | 0x40);
        return serial;
    }
}
