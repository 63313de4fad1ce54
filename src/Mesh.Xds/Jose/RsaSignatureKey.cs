using System.Security.Cryptography;

namespace ProxylessMesh.Xds.Jose;

/// <summary>RS256 to PS512 (RFC 7518, sections 3.3 and 3.5).</summary>
internal sealed class RsaSignatureKey : SignatureKey
{
    private const int MinModulusBytes = 2048 / 8;

    // Verification time grows with the square of it, and whoever publishes keys is not always who sends tokens.
    private const int MaxModulusBytes = 8192 / 8;
    private const int MaxExponentBytes = 8;

    private readonly KeyPool<RSA> _pool;
    private readonly int _signatureBytes;

    private RsaSignatureKey(RSAParameters parameters)
    {
        _signatureBytes = parameters.Modulus!.Length;
        _pool = new KeyPool<RSA>(() => RSA.Create(parameters));
    }

    /// <summary>Null, with a reason, where the numbers are no RSA key.</summary>
    public static RsaSignatureKey? Create(byte[] modulus, byte[] exponent, out string error)
    {
        error = "";
        if (modulus.Length is < MinModulusBytes or > MaxModulusBytes || modulus[0] == 0)
        {
            error = "an RSA modulus has 2048 to 8192 bits and no leading zero";
        }
        else if (exponent.Length is 0 or > MaxExponentBytes || exponent[0] == 0 || exponent[^1] % 2 == 0 || exponent is [1])
        {
            error = "an RSA exponent is an odd number from 3, of at most 64 bits and without a leading zero";
        }
        else
        {
            var key = new RsaSignatureKey(new RSAParameters { Modulus = modulus, Exponent = exponent });
            if (key._pool.TryWarm())
            {
                return key;
            }

            error = "the numbers are no RSA key";
        }

        return null;
    }

    public override bool Allows(JoseAlgorithm algorithm) => JoseAlgorithms.IsRsa(algorithm);

    public override bool Verify(JoseAlgorithm algorithm, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != _signatureBytes)
        {
            return false;
        }

        var key = _pool.Rent();
        try
        {
            return key.VerifyData(signed, signature, JoseAlgorithms.Hash(algorithm), JoseAlgorithms.Padding(algorithm));
        }
        finally
        {
            _pool.Return(key);
        }
    }
}
