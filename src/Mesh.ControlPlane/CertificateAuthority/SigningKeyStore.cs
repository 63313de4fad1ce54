using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace ProxylessMesh.ControlPlane.CertificateAuthority;

/// <summary>
/// The authority's key and certificates on disk: <c>ca-key.pem</c>, <c>ca-cert.pem</c>, <c>root-cert.pem</c>. Made at first
/// start. After that, whatever is missing, damaged or does not fit is an error: a new root made in silence would cut every
/// running workload off.
/// </summary>
internal sealed partial class SigningKeyStore(DataDirectory directory, TimeProvider time, ILogger logger)
{
    private const string KeyFile = SigningKeyReader.KeyFile;
    private const string CertificateFile = SigningKeyReader.CertificateFile;
    private const string RootFile = SigningKeyReader.RootFile;

    /// <summary>Makes a root if the directory holds nothing of an authority.</summary>
    /// <exception cref="CertificateAuthorityException">The directory cannot be used, or another process makes a root at this moment.</exception>
    public void CreateIfMissing(string trustDomain, TimeSpan rootLifetime)
    {
        if (directory.Has(KeyFile) || directory.Has(CertificateFile) || directory.Has(RootFile))
        {
            return;
        }

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var root = SelfSignedRoot.Create(key, SelfSignedRoot.NameFor(trustDomain), time.GetUtcNow(), rootLifetime);

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

    private static partial class Log
    {
        [LoggerMessage(4300, LogLevel.Information, "Made the root of trust domain {TrustDomain}: {File}")]
        public static partial void Created(ILogger logger, string trustDomain, string file);
    }
}
