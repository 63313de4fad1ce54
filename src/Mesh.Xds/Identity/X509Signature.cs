using System.Security.Cryptography;

namespace ProxylessMesh.Xds.Identity;

/// <summary>Signatures in X.509 structures: ECDSA (RFC 5758, section 3.2) and RSA PKCS#1 v1.5 (RFC 4055, section 5), each with SHA-2.</summary>
internal static class X509Signature
{
    private const string EcdsaWithSha256 = "1.2.840.10045.4.3.2";
    private const string EcdsaWithSha384 = "1.2.840.10045.4.3.3";
    private const string EcdsaWithSha512 = "1.2.840.10045.4.3.4";
    private const string RsaWithSha256 = "1.2.840.113549.1.1.11";
    private const string RsaWithSha384 = "1.2.840.113549.1.1.12";
    private const string RsaWithSha512 = "1.2.840.113549.1.1.13";

    /// <summary>The algorithm's object identifier.</summary>
    /// <exception cref="ArgumentException">The hash is none of SHA-256, SHA-384 and SHA-512.</exception>
    public static string OidOf(AsymmetricAlgorithm key, HashAlgorithmName hash) => (key is RSA, hash.Name) switch
    {
        (true, nameof(HashAlgorithmName.SHA256)) => RsaWithSha256,
        (true, nameof(HashAlgorithmName.SHA384)) => RsaWithSha384,
        (true, nameof(HashAlgorithmName.SHA512)) => RsaWithSha512,
        (false, nameof(HashAlgorithmName.SHA256)) => EcdsaWithSha256,
        (false, nameof(HashAlgorithmName.SHA384)) => EcdsaWithSha384,
        (false, nameof(HashAlgorithmName.SHA512)) => EcdsaWithSha512,
        _ => throw new ArgumentException($"{hash.Name} signs nothing in X.509 here.", nameof(hash)),
    };

    /// <summary>False too for an algorithm that is none of these, or another than the key's.</summary>
    /// <param name="algorithm">Object identifier.</param>
    /// <param name="key">RSA or ECDSA.</param>
    /// <param name="signed">DER of what was signed.</param>
    /// <param name="signature">Of ECDSA in DER.</param>
    public static bool Verify(string algorithm, AsymmetricAlgorithm? key, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        try
        {
            return (algorithm, key) switch
            {
                (RsaWithSha256, RSA rsa) => rsa.VerifyData(signed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
                (RsaWithSha384, RSA rsa) => rsa.VerifyData(signed, signature, HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1),
                (RsaWithSha512, RSA rsa) => rsa.VerifyData(signed, signature, HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1),
                (EcdsaWithSha256, ECDsa curve) => curve.VerifyData(signed, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence),
                (EcdsaWithSha384, ECDsa curve) => curve.VerifyData(signed, signature, HashAlgorithmName.SHA384, DSASignatureFormat.Rfc3279DerSequence),
                (EcdsaWithSha512, ECDsa curve) => curve.VerifyData(signed, signature, HashAlgorithmName.SHA512, DSASignatureFormat.Rfc3279DerSequence),
                _ => false,
            };
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
