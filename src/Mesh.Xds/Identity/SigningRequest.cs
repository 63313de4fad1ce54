using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ProxylessMesh.Xds.Identity;

/// <summary>A new key and the request to have it certified. The request names nobody: the authority writes the names that the caller has proven.</summary>
internal static class SigningRequest
{
    public static ECDsa NewKey() => ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public static AsymmetricAlgorithm NewKey(WorkloadKeyType type) => type switch
    {
        WorkloadKeyType.Rsa2048 => RSA.Create(2048),
        WorkloadKeyType.EcdsaP384 => ECDsa.Create(ECCurve.NamedCurves.nistP384),
        _ => NewKey(),
    };

    /// <summary>PKCS#10 (RFC 2986), PEM.</summary>
    public static string Create(AsymmetricAlgorithm key)
    {
        var nobody = new X500DistinguishedName("");
        var request = key switch
        {
            ECDsa { KeySize: > 256 } curve => new CertificateRequest(nobody, curve, HashAlgorithmName.SHA384),
            ECDsa curve => new CertificateRequest(nobody, curve, HashAlgorithmName.SHA256),
            RSA rsa => new CertificateRequest(nobody, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            _ => throw new ArgumentException($"A key of kind {key.SignatureAlgorithm} is neither RSA nor ECDSA.", nameof(key)),
        };
        return request.CreateSigningRequestPem();
    }
}
