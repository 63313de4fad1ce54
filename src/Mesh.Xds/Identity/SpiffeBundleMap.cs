using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using ProxylessMesh.Xds.Jose;

namespace ProxylessMesh.Xds.Identity;

/// <summary>
/// Roots of several trust domains in one file (gRFC A87): <c>{"trust_domains": {"example.org": {"keys": [...]}}}</c>, each a SPIFFE
/// bundle (SPIFFE Trust Domain and Bundle, section 4). One wrong entry makes the whole file unusable: a domain that is dropped in
/// silence would cut its members off.
/// </summary>
internal static class SpiffeBundleMap
{
    private const int MaxLength = 1024 * 1024;
    private const int MaxDomains = 256;
    private const int MaxKeys = 64;

    /// <exception cref="CryptographicException">The file is too large, not of that form, or a certificate is damaged.</exception>
    public static IReadOnlyDictionary<string, X509Certificate2Collection> Read(byte[] json)
    {
        if (json.Length > MaxLength || !StrictJson.TryReadObject(json, out var root))
        {
            throw new CryptographicException($"The bundle map is not a JSON object of at most {MaxLength} bytes, with no name twice.");
        }

        if (!root.TryGetProperty("trust_domains", out var listed) || listed.ValueKind != JsonValueKind.Object)
        {
            throw new CryptographicException("The bundle map has no trust_domains.");
        }

        var domains = new Dictionary<string, X509Certificate2Collection>(StringComparer.Ordinal);
        foreach (var domain in listed.EnumerateObject())
        {
            if (!SpiffeId.IsTrustDomain(domain.Name) || domains.Count == MaxDomains)
            {
                throw new CryptographicException($"The bundle map has \"{domain.Name}\", which is not a trust domain, or more than {MaxDomains}.");
            }

            domains.Add(domain.Name, Roots(domain.Name, domain.Value));
        }

        return domains;
    }

    private static X509Certificate2Collection Roots(string domain, JsonElement bundle)
    {
        if (bundle.ValueKind != JsonValueKind.Object || !bundle.TryGetProperty("keys", out var keys) || keys.ValueKind != JsonValueKind.Array || keys.GetArrayLength() > MaxKeys)
        {
            throw new CryptographicException($"The bundle of {domain} has no keys, or more than {MaxKeys}.");
        }

        var roots = new X509Certificate2Collection();
        foreach (var key in keys.EnumerateArray())
        {
            // Keys of JWT SVIDs stand in the same list and mean nothing here.
            if (Text(key, "use") != "jwt-svid")
            {
                roots.Add(Root(domain, key));
            }
        }

        return roots;
    }

    private static X509Certificate2 Root(string domain, JsonElement key)
    {
        if (Text(key, "use") != "x509-svid" || Text(key, "kty") is not ("EC" or "RSA"))
        {
            throw new CryptographicException($"The bundle of {domain} has a key that is not of use x509-svid or jwt-svid, or neither EC nor RSA.");
        }

        // Section 4.2.2: exactly one, the authority's own.
        if (!key.TryGetProperty("x5c", out var chain) || chain.ValueKind != JsonValueKind.Array || chain.GetArrayLength() != 1
            || chain[0].ValueKind != JsonValueKind.String || !chain[0].TryGetBytesFromBase64(out var der))
        {
            throw new CryptographicException($"The bundle of {domain} has a key whose x5c is not one certificate in base64.");
        }

        var root = X509CertificateLoader.LoadCertificate(der);
        return root.Extensions.OfType<X509BasicConstraintsExtension>().Any(e => e.CertificateAuthority)
            ? root
            : throw new CryptographicException($"The bundle of {domain} has a certificate that is not an authority's.");
    }

    private static string? Text(JsonElement key, string name) =>
        key.ValueKind == JsonValueKind.Object && key.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
