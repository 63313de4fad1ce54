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

    /// <exception cref="SigningRequestException">It is too large, damaged, not signed by its own key, or of a weak key.</exception>
    public static PublicKey Read(string pem)
    {
        if (pem.Length > MaxLength)
        {
            throw new SigningRequestException($"the signing request is longer than {MaxLength} characters");
        }

        // The key is judged before its signature is verified.
        var key = Load(pem, CertificateRequestLoadOptions.SkipSignatureValidation).PublicKey;
        if (KeyStrength.ProblemOf(key) is { } error)
        {
            throw new SigningRequestException(error);
        }

        return Load(pem, CertificateRequestLoadOptions.Default).PublicKey;
    }

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
}
