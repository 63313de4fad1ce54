using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.ControlPlane.CertificateAuthority;

/// <summary>
/// The authority's key and certificates on disk: <c>ca-key.pem</c>, <c>ca-cert.pem</c>, <c>root-cert.pem</c>. Made at first
/// start. After that, whatever is missing, damaged or does not fit is an error: a new root made in silence would cut every
/// running workload off.
/// </summary>
internal sealed partial class SigningKeyStore(DataDirectory directory, TimeProvider time, ILogger logger)
{
    private const string KeyFile = "ca-key.pem";
    private const string CertificateFile = "ca-cert.pem";
    private const string RootFile = "root-cert.pem";

    private static readonly TimeSpan s_clockSkew = TimeSpan.FromMinutes(1);

    /// <exception cref="CertificateAuthorityException">Something is missing, damaged or does not fit.</exception>
    public SigningKeyPair LoadOrCreate(string trustDomain, TimeSpan rootLifetime)
    {
        if (!directory.Has(KeyFile) && !directory.Has(CertificateFile) && !directory.Has(RootFile))
        {
            Create(trustDomain, rootLifetime);
        }

        var pair = Load();
        Log.Ready(logger, pair.Certificate.Subject, pair.Certificate.NotAfter.ToUniversalTime());
        return pair;
    }

    private void Create(string trustDomain, TimeSpan lifetime)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var name = new X500DistinguishedNameBuilder();
        name.AddOrganizationName(trustDomain);
        var request = new CertificateRequest(name.Build(), key, HashAlgorithmName.SHA256);
        var extensions = request.CertificateExtensions;
        extensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        extensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        extensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var now = time.GetUtcNow();
        using var root = request.CreateSelfSigned(now - s_clockSkew, now + lifetime);

        // Whoever writes the key makes the root; a second process that starts at the same moment must not mix in its own.
        if (!directory.TryCreateSecret(KeyFile, key.ExportPkcs8PrivateKeyPem() + "\n"))
        {
            throw new CertificateAuthorityException(
                $"{directory.PathOf(KeyFile)} appeared during the first start: another process uses this data directory. Start again when it is done");
        }

        directory.WritePublic(RootFile, root.ExportCertificatePem() + "\n");
        directory.WritePublic(CertificateFile, root.ExportCertificatePem() + "\n");
        Log.Created(logger, trustDomain, directory.PathOf(CertificateFile));
    }

    private SigningKeyPair Load()
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

        var chain = ReadCertificates(CertificateFile);
        var roots = ReadCertificates(RootFile);
        var key = ReadKey();
        if (!chain[0].PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(key.ExportSubjectPublicKeyInfo()))
        {
            key.Dispose();
            throw new CertificateAuthorityException($"{directory.PathOf(KeyFile)} is not the key of {directory.PathOf(CertificateFile)}");
        }

        if (ProblemOf(chain[0], roots) is { } problem)
        {
            key.Dispose();
            throw new CertificateAuthorityException($"{directory.PathOf(CertificateFile)} {problem}");
        }

        return new SigningKeyPair(chain[0], key, roots);
    }

    private string? ProblemOf(X509Certificate2 certificate, X509Certificate2Collection roots)
    {
        if (!certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(e => e.CertificateAuthority)
            || !certificate.Extensions.OfType<X509KeyUsageExtension>().Any(e => e.KeyUsages.HasFlag(X509KeyUsageFlags.KeyCertSign)))
        {
            return "is not a certificate authority's certificate";
        }

        var now = time.GetUtcNow().UtcDateTime;
        if (now > certificate.NotAfter.ToUniversalTime() || now < certificate.NotBefore.ToUniversalTime())
        {
            return $"is valid from {certificate.NotBefore.ToUniversalTime():u} to {certificate.NotAfter.ToUniversalTime():u}, and now it is {now:u}";
        }

        using var chain = new X509Chain();
        chain.ChainPolicy = PeerVerifier.ChainPolicy(new TrustBundle("", roots), time);
        return chain.Build(certificate) ? null : $"does not chain to {directory.PathOf(RootFile)}";
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

    private ECDsa ReadKey()
    {
        var text = directory.Read(KeyFile);
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(text);
            return key;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            key.Dispose();

            // The inner message could quote the file.
            throw new CertificateAuthorityException($"{directory.PathOf(KeyFile)} is damaged: it holds no ECDSA private key in PEM");
        }
    }

    private static partial class Log
    {
        [LoggerMessage(4300, LogLevel.Information, "Made the root of trust domain {TrustDomain}: {File}")]
        public static partial void Created(ILogger logger, string trustDomain, string file);

        [LoggerMessage(4301, LogLevel.Information, "Certificate authority {Subject} ready, valid until {NotAfter:u}")]
        public static partial void Ready(ILogger logger, string subject, DateTime notAfter);
    }
}
