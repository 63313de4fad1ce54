using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ProxylessMesh.ControlPlane.CertificateAuthority;

/// <summary>
/// Takes the public key out of a PKCS#10 request, after checking that the sender has its private key and that it is strong
/// enough. Nothing else of the request is looked at: names and extensions are what anybody could claim.
/// </summary>
internal static class SigningRequestReader
{
    // An RSA-4096 request is 2 kB.
    private const int MaxLength = 16 * 1024;

    private const int MinRsaBits = 2048;

    // Verifying with a larger key costs us more than it costs the sender.
    private const int MaxRsaBits = 4096;

    private const string EcOid = "1.2.840.10045.2.1";
    private const string RsaOid = "1.2.840.113549.1.1.1";

    // P-256, P-384, P-521.
    private static readonly HashSet<string?> s_curves = ["1.2.840.10045.3.1.7", "1.3.132.0.34", "1.3.132.0.35"];

    /// <exception cref="SigningRequestException">It is too large, damaged, not signed by its own key, or of a weak key.</exception>
    public static PublicKey Read(string pem)
    {
        if (pem.Length > MaxLength)
        {
            throw new SigningRequestException($"the signing request is longer than {MaxLength} characters");
        }

        // The key is judged before its signature is verified.
        var key = Load(pem, CertificateRequestLoadOptions.SkipSignatureValidation).PublicKey;
        if (KeyError(key) is { } error)
        {
            throw new SigningRequestException(error);
        }

        return Load(pem, CertificateRequestLoadOptions.Default).PublicKey;
    }

    public static bool IsRsa(PublicKey key) => key.Oid.Value == RsaOid;

    private static CertificateRequest Load(string pem, CertificateRequestLoadOptions options)
    {
        try
        {
            return CertificateRequest.LoadSigningRequestPem(pem, HashAlgorithmName.SHA256, options, RSASignaturePadding.Pkcs1);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or NotSupportedException or InvalidOperationException)
        {
            throw new SigningRequestException(
                options == CertificateRequestLoadOptions.Default
                    ? "the signing request is not signed by its own key"
                    : "the signing request is not PKCS#10 in PEM",
                e);
        }
    }

    private static string? KeyError(PublicKey key)
    {
        try
        {
            switch (key.Oid.Value)
            {
                case EcOid:
                    using (var ec = key.GetECDsaPublicKey())
                    {
                        return s_curves.Contains(ec?.ExportParameters(false).Curve.Oid?.Value) ? null : "the key's curve is none of P-256, P-384 and P-521";
                    }

                case RsaOid:
                    using (var rsa = key.GetRSAPublicKey())
                    {
                        return rsa?.KeySize is >= MinRsaBits and <= MaxRsaBits ? null : $"an RSA key must have {MinRsaBits} to {MaxRsaBits} bits";
                    }

                default:
                    return "the key is neither ECDSA nor RSA";
            }
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or NotSupportedException)
        {
            return "the key of the signing request is damaged";
        }
    }
}
