using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.ControlPlane.CertificateAuthority;

/// <summary>
/// Reads the authority of a folder, under the names of Istio's secret <c>cacerts</c>: <c>ca-key.pem</c>, <c>ca-cert.pem</c>,
/// <c>root-cert.pem</c> and, when there is something between certificate and root, <c>cert-chain.pem</c>. It judges all of it
/// before anything is signed. <c>ca-crl.pem</c> may hold revocation lists.
/// </summary>
internal sealed class SigningKeyReader(DataDirectory directory, TimeProvider time)
{
    public const string KeyFile = "ca-key.pem";
    public const string CertificateFile = "ca-cert.pem";
    public const string ChainFile = "cert-chain.pem";
    public const string RootFile = "root-cert.pem";
    public const string RevocationFile = "ca-crl.pem";

    /// <summary>The texts of the files, so that a change is noticed without parsing; null for one that is not there.</summary>
    public IReadOnlyList<string?> Texts() => [.. ((string[])[KeyFile, CertificateFile, ChainFile, RootFile, RevocationFile]).Select(f => directory.Has(f) ? directory.Read(f) : null)];

    /// <exception cref="CertificateAuthorityException">Something is missing, damaged, weak or does not fit.</exception>
    public SigningKeyPair Read()
    {
        foreach (var file in (string[])[KeyFile, CertificateFile, RootFile])
        {
            if (!directory.Has(file))
            {
                throw new CertificateAuthorityException(
                    $"{directory.PathOf(file)} is missing, while other files of the certificate authority are there. Restore it; only if "
                    + $"no workload has ever used this authority, delete {KeyFile}, {CertificateFile} and {RootFile} to start anew");
            }
        }

        var certificates = ReadCertificates(CertificateFile);
        var roots = ReadCertificates(RootFile);
        var between = new X509Certificate2Collection();
        between.AddRange(certificates);
        if (directory.Has(ChainFile))
        {
            between.AddRange(ReadCertificates(ChainFile));
        }

        var key = ReadKey();
        var problem = !certificates[0].PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(key.ExportSubjectPublicKeyInfo())
            ? $"{directory.PathOf(KeyFile)} is not the key of {directory.PathOf(CertificateFile)}"
            : ProblemOf(certificates[0]) is { } text ? $"{directory.PathOf(CertificateFile)} {text}" : null;
        if (problem is null && Build(certificates[0], between, roots) is { } chain)
        {
            return Arrange(certificates[0], key, chain, roots) with { RevocationLists = ReadRevocations([.. chain, .. roots, .. between]) };
        }

        key.Dispose();
        throw new CertificateAuthorityException(problem ?? $"{directory.PathOf(CertificateFile)} does not chain to {directory.PathOf(RootFile)}");
    }

    private static SigningKeyPair Arrange(X509Certificate2 certificate, AsymmetricAlgorithm key, List<X509Certificate2> chain, X509Certificate2Collection roots)
    {
        var anchor = chain[^1];
        var ordered = new X509Certificate2Collection { anchor };
        foreach (var root in roots)
        {
            if (!ordered.Contains(root))
            {
                ordered.Add(root);
            }
        }

        return new SigningKeyPair(certificate, key, [.. chain.Take(chain.Count - 1)], ordered);
    }

    private string? ProblemOf(X509Certificate2 certificate)
    {
        if (!certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(e => e.CertificateAuthority)
            || !certificate.Extensions.OfType<X509KeyUsageExtension>().Any(e => e.KeyUsages.HasFlag(X509KeyUsageFlags.KeyCertSign)))
        {
            return "is not a certificate authority's certificate";
        }

        var now = time.GetUtcNow().UtcDateTime;
        return now > certificate.NotAfter.ToUniversalTime() || now < certificate.NotBefore.ToUniversalTime()
                ? $"is valid from {certificate.NotBefore.ToUniversalTime():u} to {certificate.NotAfter.ToUniversalTime():u}, and now it is {now:u}"
            : KeyStrength.ProblemOf(certificate.PublicKey) is { } weak ? $"cannot sign: {weak}"
            : null;
    }

    // The certificate first, its root last; null when it leads to none of the roots.
    private List<X509Certificate2>? Build(X509Certificate2 certificate, X509Certificate2Collection between, X509Certificate2Collection roots)
    {
        // Among several roots of one name, a builder may take another than itself for the issuer of a root without key identifier.
        if (roots.Contains(certificate))
        {
            return [certificate];
        }

        using var chain = new X509Chain();
        chain.ChainPolicy = PeerVerifier.ChainPolicy(new TrustBundle("", roots), time);
        chain.ChainPolicy.ExtraStore.AddRange(between);
        return chain.Build(certificate)
            ? [.. chain.ChainElements.Select(e => X509CertificateLoader.LoadCertificate(e.Certificate.RawDataMemory.Span))]
            : null;
    }

    private X509Certificate2Collection ReadCertificates(string file)
    {
        var text = directory.Read(file);
        try
        {
            return PemCertificates.Read(text);
        }
        catch (CryptographicException e)
        {
            throw new CertificateAuthorityException($"{directory.PathOf(file)} is damaged: {e.Message}", e);
        }
    }

    // A list that nobody known here has signed would revoke nothing, which is not what its owner believes.
    private string ReadRevocations(X509Certificate2Collection authorities)
    {
        if (!directory.Has(RevocationFile))
        {
            return "";
        }

        var text = directory.Read(RevocationFile);
        try
        {
            return RevocationList.ReadAll(text).All(list => authorities.Any(list.IsSignedBy))
                ? text
                : throw new CertificateAuthorityException($"{directory.PathOf(RevocationFile)} holds a list that none of the authorities here has signed");
        }
        catch (CryptographicException e)
        {
            throw new CertificateAuthorityException($"{directory.PathOf(RevocationFile)} is damaged: {e.Message}", e);
        }
    }

    // The inner message could quote the file.
    private AsymmetricAlgorithm ReadKey() => PemPrivateKey.Read(directory.Read(KeyFile))
        ?? throw new CertificateAuthorityException($"{directory.PathOf(KeyFile)} is damaged: it holds no unencrypted ECDSA or RSA private key in PEM");
}
