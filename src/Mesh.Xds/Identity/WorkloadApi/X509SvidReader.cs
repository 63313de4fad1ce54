using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Spiffe.Workload;

namespace ProxylessMesh.Xds.Identity.WorkloadApi;

/// <summary>Reads what an agent sends: certificates as DER one after the other, keys as PKCS#8.</summary>
internal static class X509SvidReader
{
    private const int MaxLength = 256 * 1024;
    private const int MaxCertificates = 64;
    private const int MaxBundles = 64;

    /// <summary>The first SVID, which is the default one (SPIFFE Workload API, section 5.1).</summary>
    /// <exception cref="CryptographicException">There is none, or something is damaged or does not fit.</exception>
    public static IdentityState Read(X509SVIDResponse response, TimeProvider time)
    {
        if (response.Svids.Count == 0)
        {
            throw new CryptographicException("The agent has no SVID for this workload.");
        }

        var svid = response.Svids[0];
        using var key = ReadKey(svid.X509SvidKey);
        var chain = string.Join('\n', Certificates(svid.X509Svid).Select(c => c.ExportCertificatePem()));
        var state = IdentityFactory.Create(chain, key, Certificates(svid.Bundle), time);
        return state.Certificate.Id.ToString() == svid.SpiffeId
            ? state with { Bundle = state.Bundle with { Federated = Federated(response), Revocations = Lists(response) } }
            : throw new CryptographicException("The SVID names somebody else than the agent says.");
    }

    private static Dictionary<string, X509Certificate2Collection> Federated(X509SVIDResponse response)
    {
        if (response.FederatedBundles.Count > MaxBundles)
        {
            throw new CryptographicException($"There are more than {MaxBundles} federated bundles.");
        }

        var bundles = new Dictionary<string, X509Certificate2Collection>(StringComparer.Ordinal);
        foreach (var (domain, bundle) in response.FederatedBundles)
        {
            // Agents write the domain as an id; the specification's earlier text had the bare name.
            var name = SpiffeId.TryParse(domain, out var id) ? id.TrustDomain : domain;
            bundles[name] = SpiffeId.IsTrustDomain(name) ? Certificates(bundle) : throw new CryptographicException("A federated bundle is of no trust domain.");
        }

        return bundles;
    }

    private static IReadOnlyList<RevocationList> Lists(X509SVIDResponse response) =>
        RevocationList.ReadAll(string.Join('\n', response.Crl.Select(c => PemEncoding.WriteString("X509 CRL", c.Span))));

    private static X509Certificate2Collection Certificates(ByteString der)
    {
        if (der.Length > MaxLength)
        {
            throw new CryptographicException($"Certificates of more than {MaxLength} bytes are not read.");
        }

        var certificates = new X509Certificate2Collection();
        var rest = der.Memory;
        try
        {
            while (!rest.IsEmpty)
            {
                AsnDecoder.ReadEncodedValue(rest.Span, AsnEncodingRules.DER, out _, out _, out var consumed);
                certificates.Add(X509CertificateLoader.LoadCertificate(rest.Span[..consumed]));
                rest = rest[consumed..];
                if (certificates.Count > MaxCertificates)
                {
                    throw new CryptographicException($"There are more than {MaxCertificates} certificates.");
                }
            }
        }
        catch (AsnContentException e)
        {
            throw new CryptographicException("A certificate is damaged.", e);
        }

        return certificates.Count > 0 ? certificates : throw new CryptographicException("A certificate is missing.");
    }

    private static AsymmetricAlgorithm ReadKey(ByteString pkcs8) =>
        PemPrivateKey.Read(PemEncoding.WriteString("PRIVATE KEY", pkcs8.Span)) ?? throw new CryptographicException("The key of the SVID is neither ECDSA nor RSA.");
}
