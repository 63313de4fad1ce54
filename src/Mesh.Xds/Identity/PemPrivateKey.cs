using System.Security.Cryptography;

namespace ProxylessMesh.Xds.Identity;

/// <summary>An unencrypted private key in PEM: PKCS#8, PKCS#1 or SEC 1.</summary>
internal static class PemPrivateKey
{
    /// <summary>Null when the text holds no ECDSA or RSA key. The label does not always tell the algorithm (PKCS#8), so both are tried.</summary>
    public static AsymmetricAlgorithm? Read(string pem) =>
        pem.Contains("PRIVATE KEY-----", StringComparison.Ordinal) ? TryImport(ECDsa.Create(), pem) ?? TryImport(RSA.Create(), pem) : null;

    private static AsymmetricAlgorithm? TryImport(AsymmetricAlgorithm key, string pem)
    {
        try
        {
            key.ImportFromPem(pem);
            return key;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or PlatformNotSupportedException)
        {
            // A label of the other algorithm (PKCS#1, SEC 1) is an argument error, a PKCS#8 of it a cryptographic one, an odd curve one of the platform.
            key.Dispose();
            return null;
        }
    }
}
