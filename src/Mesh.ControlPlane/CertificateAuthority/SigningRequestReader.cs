using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.ControlPlane.CertificateAuthority;

/// <summary>
/// Takes the public key out of a PKCS#10 request (RFC 2986, section 4), after checking that the sender has its private key and
/// that it is strong enough. Nothing else of the request is looked at: names and extensions are what anybody could claim.
/// </summary>
internal static class SigningRequestReader
{
    // An RSA-4096 request is 2 kB.
    private const int MaxLength = 16 * 1024;
    private const string Label = "CERTIFICATE REQUEST";

    /// <exception cref="SigningRequestException">It is too large, damaged, not signed by its own key, or of a weak key.</exception>
    public static PublicKey Read(string pem)
    {
        if (pem.Length > MaxLength)
        {
            throw new SigningRequestException($"the signing request is longer than {MaxLength} characters");
        }

        try
        {
            var request = new AsnReader(Decode(pem), AsnEncodingRules.DER).ReadSequence();
            var signed = request.PeekEncodedValue();
            var key = KeyOf(request.ReadSequence());
            var algorithm = request.ReadSequence().ReadObjectIdentifier();
            var signature = request.ReadBitString(out _);

            // The key is judged before it costs a verification.
            return KeyStrength.ProblemOf(key) is { } error ? throw new SigningRequestException(error)
                : IsSignedBy(key, algorithm, signed.Span, signature) ? key
                : throw new SigningRequestException("the signing request is not signed by its own key, with SHA-2 and ECDSA or RSA PKCS#1");
        }
        catch (Exception e) when (e is AsnContentException or CryptographicException or FormatException)
        {
            throw new SigningRequestException("the signing request is not PKCS#10 in PEM", e);
        }
    }

    private static byte[] Decode(string pem)
    {
        var rest = pem.AsSpan();
        while (PemEncoding.TryFind(rest, out var fields))
        {
            if (rest[fields.Label] is Label)
            {
                return Convert.FromBase64String(rest[fields.Base64Data].ToString());
            }

            rest = rest[fields.Location.End..];
        }

        throw new FormatException("The text holds no signing request.");
    }

    private static PublicKey KeyOf(AsnReader content)
    {
        // Version and subject.
        content.ReadInteger();
        content.ReadSequence();
        return PublicKey.CreateFromSubjectPublicKeyInfo(content.ReadEncodedValue().Span, out _);
    }

    private static bool IsSignedBy(PublicKey key, string algorithm, ReadOnlySpan<byte> signed, byte[] signature)
    {
        try
        {
            using var verifier = (AsymmetricAlgorithm?)key.GetRSAPublicKey() ?? key.GetECDsaPublicKey();
            return X509Signature.Verify(algorithm, verifier, signed, signature);
        }
        catch (CryptographicException)
        {
            // A point that is on no curve.
            return false;
        }
    }
}
