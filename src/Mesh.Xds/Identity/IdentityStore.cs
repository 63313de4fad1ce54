using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Logging;

namespace ProxylessMesh.Xds.Identity;

/// <summary>
/// The identity on disk, so that a workload which restarts while the authority is away still has one: <c>key.pem</c>,
/// <c>cert-chain.pem</c> and <c>root-cert.pem</c>, mode 0600, in a directory of mode 0700.
/// </summary>
internal sealed partial class IdentityStore(string directory, ILogger logger)
{
    // Nothing that we write comes near it.
    private const int MaxFileLength = 256 * 1024;

    private string KeyPath => Path.Combine(directory, "key.pem");

    private string ChainPath => Path.Combine(directory, "cert-chain.pem");

    private string RootPath => Path.Combine(directory, "root-cert.pem");

    /// <summary>What was saved last, if it is whole and valid now; otherwise null, and the log says why.</summary>
    /// <param name="otherRoots">Roots that are trusted besides those saved.</param>
    /// <param name="time">The clock of validity.</param>
    public IdentityState? Load(X509Certificate2Collection? otherRoots, TimeProvider time)
    {
        try
        {
            if (!File.Exists(KeyPath) && !File.Exists(ChainPath))
            {
                return null;
            }

            using var key = PemPrivateKey.Read(Read(KeyPath)) ?? throw new CryptographicException($"{KeyPath} holds no ECDSA or RSA key in PEM.");
            return IdentityFactory.Create(Read(ChainPath), key, [.. PemCertificates.Read(Read(RootPath)), .. otherRoots ?? []], time);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            Log.Ignored(logger, directory, e.Message);
            return null;
        }
    }

    /// <summary>
    /// Replaces what was saved. Each file is replaced whole; a crash between two of them leaves a key that is not the
    /// certificate's, which <see cref="Load"/> ignores.
    /// </summary>
    public void Save(IdentityState state, string chainPem)
    {
        try
        {
            using var key = (AsymmetricAlgorithm?)state.Certificate.Leaf.GetECDsaPrivateKey() ?? state.Certificate.Leaf.GetRSAPrivateKey()
                ?? throw new CryptographicException("The private key cannot be exported.");
            AtomicFile.CreateSecretDirectory(directory);
            AtomicFile.WriteSecret(KeyPath, key.ExportPkcs8PrivateKeyPem() + "\n");
            AtomicFile.WriteSecret(ChainPath, chainPem);
            AtomicFile.WriteSecret(RootPath, RootsPem(state.Bundle));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            Log.NotSaved(logger, directory, e.Message);
        }
    }

    private static string RootsPem(TrustBundle bundle)
    {
        var text = new StringBuilder();
        foreach (var root in bundle.Roots)
        {
            text.Append(root.ExportCertificatePem()).Append('\n');
        }

        return text.ToString();
    }

    private static string Read(string path) => new FileInfo(path).Length <= MaxFileLength
        ? File.ReadAllText(path)
        : throw new IOException($"{path} is larger than {MaxFileLength} bytes.");

    private static partial class Log
    {
        [LoggerMessage(1410, LogLevel.Warning, "The identity saved in {Directory} is ignored: {Reason}")]
        public static partial void Ignored(ILogger logger, string directory, string reason);

        [LoggerMessage(1411, LogLevel.Warning, "The identity could not be saved in {Directory}, so a restart needs the certificate authority: {Reason}")]
        public static partial void NotSaved(ILogger logger, string directory, string reason);
    }
}
