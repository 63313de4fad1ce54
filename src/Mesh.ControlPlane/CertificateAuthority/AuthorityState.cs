using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.ControlPlane.CertificateAuthority;

/// <summary>One authority in force, with what is the same for all that it signs. Replaced whole.</summary>
internal sealed class AuthorityState
{
    private readonly Lock _signing = new();
    private readonly X509SignatureGenerator _generator;

    /// <param name="signer">What signs.</param>
    /// <param name="trustDomain">Of the bundle.</param>
    /// <param name="roots">What workloads trust now; it may hold more than what the signer came with.</param>
    public AuthorityState(SigningKeyPair signer, string trustDomain, X509Certificate2Collection roots)
    {
        Signer = signer;
        Bundle = new TrustBundle(trustDomain, roots) { Revocations = RevocationList.ReadAll(signer.RevocationLists) };
        Hash = KeyStrength.HashFor(signer.Key);
        _generator = signer.Key switch
        {
            ECDsa curve => X509SignatureGenerator.CreateForECDsa(curve),
            RSA rsa => X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1),
            _ => throw new ArgumentException("The key of the authority is neither ECDSA nor RSA.", nameof(signer)),
        };

        // Root last, as istio.v1.auth has it; several roots are one text, as istiod sends them.
        Issuers =
        [
            .. signer.Intermediates.Select(c => c.ExportCertificatePem()),
            string.Join('\n', roots.Select(c => c.ExportCertificatePem())),
        ];
    }

    public SigningKeyPair Signer { get; }

    /// <summary>What workloads of this mesh trust.</summary>
    public TrustBundle Bundle { get; }

    /// <summary>PEM; empty = none.</summary>
    public string RevocationLists => Signer.RevocationLists;

    public HashAlgorithmName Hash { get; }

    /// <summary>What follows a leaf in its chain, in PEM.</summary>
    public IReadOnlyList<string> Issuers { get; }

    public X509Certificate2 Sign(CertificateRequest request, DateTimeOffset notBefore, DateTimeOffset notAfter, byte[] serial)
    {
        lock (_signing)
        {
            return request.Create(Signer.Certificate.SubjectName, _generator, notBefore, notAfter, serial);
        }
    }
}
