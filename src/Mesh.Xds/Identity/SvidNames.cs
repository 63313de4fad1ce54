using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ProxylessMesh.Xds.Identity;

/// <summary>The subject alternative names of a certificate (RFC 5280, section 4.2.1.6); the runtime reads all but URIs.</summary>
/// <param name="Uris">URIs, as written.</param>
/// <param name="DnsNames">Host names, as written.</param>
internal sealed record SvidNames(IReadOnlyList<string> Uris, IReadOnlyList<string> DnsNames)
{
    private const string SubjectAltName = "2.5.29.17";

    private static readonly Asn1Tag s_dnsName = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag s_uri = new(TagClass.ContextSpecific, 6);

    /// <summary>Null when the extension is damaged or there is more than one.</summary>
    public static SvidNames? Of(X509Certificate2 certificate)
    {
        var uris = new List<string>();
        var hosts = new List<string>();
        X509Extension? names = null;
        try
        {
            foreach (var extension in certificate.Extensions)
            {
                if (extension.Oid?.Value == SubjectAltName)
                {
                    if (names is not null)
                    {
                        return null;
                    }

                    names = extension;
                }
            }

            if (names is not null)
            {
                Read(names.RawData, uris, hosts);
            }

            return new SvidNames(uris, hosts);
        }
        catch (Exception e) when (e is AsnContentException or CryptographicException)
        {
            return null;
        }
    }

    private static void Read(byte[] extension, List<string> uris, List<string> hosts)
    {
        var outer = new AsnReader(extension, AsnEncodingRules.DER);
        var names = outer.ReadSequence();
        outer.ThrowIfNotEmpty();
        while (names.HasData)
        {
            var tag = names.PeekTag();
            if (tag.HasSameClassAndValue(s_uri))
            {
                uris.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, s_uri));
            }
            else if (tag.HasSameClassAndValue(s_dnsName))
            {
                hosts.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, s_dnsName));
            }
            else
            {
                names.ReadEncodedValue();
            }
        }
    }
}
