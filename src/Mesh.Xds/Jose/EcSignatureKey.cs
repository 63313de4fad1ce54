using System.Security.Cryptography;

namespace ProxylessMesh.Xds.Jose;

/// <summary>ES256, ES384 and ES512, each bound to its curve (RFC 7518, section 3.4).</summary>
internal sealed class EcSignatureKey : SignatureKey
{
    private readonly KeyPool<ECDsa> _pool;
    private readonly JoseAlgorithm _algorithm;
    private readonly int _coordinateBytes;

    private EcSignatureKey(JoseAlgorithm algorithm, int coordinateBytes, ECParameters parameters)
    {
        _algorithm = algorithm;
        _coordinateBytes = coordinateBytes;
        _pool = new KeyPool<ECDsa>(() => ECDsa.Create(parameters));
    }

    /// <summary>Null, with a reason, where the point is none of that curve.</summary>
    public static EcSignatureKey? Create(string curve, byte[] x, byte[] y, out string error)
    {
        var (algorithm, bytes, named) = curve switch
        {
            "P-256" => (JoseAlgorithm.ES256, 32, ECCurve.NamedCurves.nistP256),
            "P-384" => (JoseAlgorithm.ES384, 48, ECCurve.NamedCurves.nistP384),
            "P-521" => (JoseAlgorithm.ES512, 66, ECCurve.NamedCurves.nistP521),
            _ => default,
        };
        error = "";
        if (bytes == 0)
        {
            error = "crv is none of P-256, P-384 and P-521";
        }
        else if (x.Length != bytes || y.Length != bytes)
        {
            // RFC 7518, section 6.2.1.2: the full size of a coordinate, with leading zeros.
            error = $"x and y of {curve} have {bytes} bytes";
        }
        else
        {
            var key = new EcSignatureKey(algorithm, bytes, new ECParameters { Curve = named, Q = new ECPoint { X = x, Y = y } });
            if (key._pool.TryWarm())
            {
                return key;
            }

            error = $"x and y are no point of {curve}";
        }

        return null;
    }

    public override bool Allows(JoseAlgorithm algorithm) => algorithm == _algorithm;

    public override bool Verify(JoseAlgorithm algorithm, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        // r and s of zero verify everything where a library forgets to look (CVE-2022-21449).
        if (signature.Length != 2 * _coordinateBytes
            || !signature[.._coordinateBytes].ContainsAnyExcept((byte)0)
            || !signature[_coordinateBytes..].ContainsAnyExcept((byte)0))
        {
            return false;
        }

        var key = _pool.Rent();
        try
        {
            return key.VerifyData(signed, signature, JoseAlgorithms.Hash(algorithm), DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        finally
        {
            _pool.Return(key);
        }
    }
}
