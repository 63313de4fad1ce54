using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ProxylessMesh.Xds.Identity;

/// <summary>A new key and the request to have it certified. The request names nobody: the authority writes the names that the caller has proven.</summary>
internal static class SigningRequest
{
    public static ECDsa NewKey() => ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>PKCS#10 (RFC 2986), PEM.</summary>
    public static string Create(ECDsa key) =>
        new CertificateRequest(new X500DistinguishedName(""), key, HashAlgorithmName.SHA256).CreateSigningRequestPem();
}
