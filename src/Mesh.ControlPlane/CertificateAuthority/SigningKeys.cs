using System.Security.Cryptography;
using ProxylessMesh.Xds.Identity;
using ProxylessMesh.Xds.Jose;

namespace ProxylessMesh.ControlPlane.CertificateAuthority;

/// <summary>The authority's private key, open once for each request that signs at a time: opening it costs more than signing.</summary>
internal sealed class SigningKeys
{
    private readonly KeyPool<AsymmetricAlgorithm> _pool;
    private readonly HashAlgorithmName _hash;

    /// <param name="key">ECDSA or RSA; the copies are made when they are needed.</param>
    public SigningKeys(AsymmetricAlgorithm key)
    {
        _hash = KeyStrength.HashFor(key);
        Algorithm = X509Signature.OidOf(key, _hash);
        IsRsa = key is RSA;
        _pool = new KeyPool<AsymmetricAlgorithm>(() => Copy(key));
    }

    /// <summary>Object identifier of its signatures.</summary>
    public string Algorithm { get; }

    public bool IsRsa { get; }

    /// <summary>PKCS#1 v1.5 or, of ECDSA, DER. Thread-safe.</summary>
    public byte[] Sign(ReadOnlySpan<byte> content)
    {
        var key = _pool.Rent();
        try
        {
            return key is RSA rsa
                ? rsa.SignData(content, _hash, RSASignaturePadding.Pkcs1)
                : ((ECDsa)key).SignData(content, _hash, DSASignatureFormat.Rfc3279DerSequence);
        }
        finally
        {
            _pool.Return(key);
        }
    }

    private static AsymmetricAlgorithm Copy(AsymmetricAlgorithm key)
    {
        byte[] secret;
        lock (key)
        {
            secret = key.ExportPkcs8PrivateKey();
        }

        AsymmetricAlgorithm copy = key is RSA ? RSA.Create() : ECDsa.Create();
        try
        {
            copy.ImportPkcs8PrivateKey(secret, out _);
            return copy;
        }
        catch
        {
            copy.Dispose();
            throw;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }
}
