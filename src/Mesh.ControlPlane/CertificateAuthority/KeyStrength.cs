using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ProxylessMesh.ControlPlane.CertificateAuthority;

/// <summary>Which public keys are certified, and which may sign.</summary>
internal static class KeyStrength
{
    private const int MinRsaBits = 2048;

    // Verifying with a larger key costs us more than it costs the sender.
    private const int MaxRsaBits = 4096;

    private const int MaxExponentBits = 64;

    private const string EcOid = "1.2.840.10045.2.1";
    private const string RsaOid = "1.2.840.113549.1.1.1";

    // P-256, P-384, P-521.
    private static readonly HashSet<string> s_curves = ["1.2.840.10045.3.1.7", "1.3.132.0.34", "1.3.132.0.35"];

    public static bool IsRsa(PublicKey key) => key.Oid.Value == RsaOid;

    /// <summary>One sentence on why it is not taken, or null. Looks at the encoding only: making a key of it is dear.</summary>
    public static string? ProblemOf(PublicKey key)
    {
        try
        {
            return key.Oid.Value switch
            {
                EcOid => s_curves.Contains(new AsnReader(key.EncodedParameters?.RawData, AsnEncodingRules.DER).ReadObjectIdentifier())
                    ? null
                    : "the key's curve is none of P-256, P-384 and P-521",
                RsaOid => RsaProblemOf(new AsnReader(key.EncodedKeyValue.RawData, AsnEncodingRules.DER).ReadSequence()),
                _ => "the key is neither ECDSA nor RSA",
            };
        }
        catch (AsnContentException)
        {
            return "the key is damaged";
        }
    }

    // An exponent of 1 would let anybody sign, a long one costs whoever verifies.
    private static string? RsaProblemOf(AsnReader key)
    {
        var modulus = key.ReadInteger();
        var exponent = key.ReadInteger();
        return modulus.Sign <= 0 || modulus.GetBitLength() is < MinRsaBits or > MaxRsaBits ? $"an RSA key must have {MinRsaBits} to {MaxRsaBits} bits"
            : exponent.Sign <= 0 || exponent.IsOne || exponent.IsEven || exponent.GetBitLength() > MaxExponentBits
                ? $"the exponent of an RSA key must be odd, from 3, and of at most {MaxExponentBits} bits"
            : null;
    }

    /// <summary>As strong as the key that signs (RFC 5656, section 6.2.1, has the same table).</summary>
    public static HashAlgorithmName HashFor(AsymmetricAlgorithm signer) => signer switch
    {
        ECDsa { KeySize: > 384 } => HashAlgorithmName.SHA512,
        ECDsa { KeySize: > 256 } => HashAlgorithmName.SHA384,
        _ => HashAlgorithmName.SHA256,
    };
}
