using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.ControlPlane.CertificateAuthority;

/// <summary>One authority in force, with what is the same for all that it signs. Replaced whole.</summary>
internal sealed class AuthorityState
{
    private readonly LeafEncoder _encoder;

    /// <param name="signer">What signs.</param>
    /// <param name="trustDomain">Of the bundle.</param>
    /// <param name="aliases">Other names of it, for which the same roots speak.</param>
    /// <param name="roots">What workloads trust now; it may hold more than what the signer came with.</param>
    public AuthorityState(SigningKeyPair signer, string trustDomain, IEnumerable<string> aliases, X509Certificate2Collection roots)
    {
        Signer = signer;
        Bundle = new TrustBundle(trustDomain, roots)
        {
            Revocations = RevocationList.ReadAll(signer.RevocationLists),
            Federated = aliases.ToDictionary(alias => alias, _ => roots, StringComparer.Ordinal),
        };
        _encoder = new LeafEncoder(signer.Certificate, new SigningKeys(signer.Key));

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

    /// <summary>What follows a leaf in its chain, in PEM.</summary>
    public IReadOnlyList<string> Issuers { get; }

    /// <summary>PEM of a signed certificate.</summary>
    public string Sign(LeafContent leaf) => PemEncoding.WriteString("CERTIFICATE", _encoder.Sign(leaf));
}
