using System.Formats.Asn1;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ProxylessMesh.ControlPlane.CertificateAuthority;

/// <summary>
/// Writes and signs workloads' certificates (RFC 5280, section 4.1) straight into DER: to load each into an object of the runtime
/// costs several times the signature. What all of one authority have in common is encoded once.
/// </summary>
internal sealed class LeafEncoder
{
    private const string SubjectAltName = "2.5.29.17";
    private const string ServerAuth = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuth = "1.3.6.1.5.5.7.3.2";

    // RFC 5280, section 4.1.2.5: two digits of a year until 2049, four after it.
    private const int LastShortYear = 2049;
    private const int UsualLength = 1024;

    private static readonly Asn1Tag s_version = new(TagClass.ContextSpecific, 0, isConstructed: true);
    private static readonly Asn1Tag s_extensions = new(TagClass.ContextSpecific, 3, isConstructed: true);
    private static readonly Asn1Tag s_dnsName = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag s_uri = new(TagClass.ContextSpecific, 6);
    private static readonly Asn1Tag s_address = new(TagClass.ContextSpecific, 7);

    private static readonly byte[] s_noAuthority = Encode(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
    private static readonly byte[] s_usage = Encode(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
    private static readonly byte[] s_rsaUsage = Encode(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, critical: true));
    private static readonly byte[] s_purposes = Encode(new X509EnhancedKeyUsageExtension([new Oid(ServerAuth), new Oid(ClientAuth)], critical: false));

    private readonly SigningKeys _keys;
    private readonly byte[] _issuer;
    private readonly byte[] _algorithm;
    private readonly byte[] _issuerKey;

    public LeafEncoder(X509Certificate2 signer, SigningKeys keys)
    {
        _keys = keys;
        _issuer = signer.SubjectName.RawData;
        _algorithm = AlgorithmOf(keys);
        _issuerKey = Encode(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(signer, includeKeyIdentifier: true, includeIssuerAndSerial: false));
    }

    /// <summary>The certificate in DER. Thread-safe.</summary>
    public byte[] Sign(LeafContent leaf)
    {
        var content = ContentOf(leaf);
        var signature = _keys.Sign(content);
        var writer = new AsnWriter(AsnEncodingRules.DER, UsualLength);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(content);
            writer.WriteEncodedValue(_algorithm);
            writer.WriteBitString(signature);
        }

        return writer.Encode();
    }

    private byte[] ContentOf(LeafContent leaf)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER, UsualLength);
        using (writer.PushSequence())
        {
            using (writer.PushSequence(s_version))
            {
                writer.WriteInteger(2);
            }

            writer.WriteInteger(leaf.Serial);
            writer.WriteEncodedValue(_algorithm);
            writer.WriteEncodedValue(_issuer);
            using (writer.PushSequence())
            {
                WriteTime(writer, leaf.NotBefore);
                WriteTime(writer, leaf.NotAfter);
            }

            // The subject is empty: the URI names the workload.
            writer.PushSequence().Dispose();
            writer.WriteEncodedValue(leaf.Key.ExportSubjectPublicKeyInfo());
            using (writer.PushSequence(s_extensions))
            using (writer.PushSequence())
            {
                WriteNames(writer, leaf.Names);
                writer.WriteEncodedValue(s_noAuthority);
                writer.WriteEncodedValue(KeyStrength.IsRsa(leaf.Key) ? s_rsaUsage : s_usage);
                writer.WriteEncodedValue(s_purposes);
                writer.WriteEncodedValue(_issuerKey);
            }
        }

        return writer.Encode();
    }

    private static void WriteTime(AsnWriter writer, DateTimeOffset time)
    {
        if (time.UtcDateTime.Year <= LastShortYear)
        {
            writer.WriteUtcTime(time, LastShortYear);
        }
        else
        {
            writer.WriteGeneralizedTime(time, omitFractionalSeconds: true);
        }
    }

    // RFC 5280, section 4.2.1.6: critical, because the subject is empty.
    private static void WriteNames(AsnWriter writer, LeafNames names)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(SubjectAltName);
            writer.WriteBoolean(true);
            using (writer.PushOctetString())
            using (writer.PushSequence())
            {
                writer.WriteCharacterString(UniversalTagNumber.IA5String, names.Id.ToString(), s_uri);
                foreach (var host in names.Hosts)
                {
                    writer.WriteCharacterString(UniversalTagNumber.IA5String, new IdnMapping().GetAscii(host), s_dnsName);
                }

                foreach (var address in names.Addresses)
                {
                    writer.WriteOctetString(address.GetAddressBytes(), s_address);
                }
            }
        }
    }

    private static byte[] AlgorithmOf(SigningKeys keys)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(keys.Algorithm);
            if (keys.IsRsa)
            {
                // RFC 4055, section 5: the parameters are NULL; RFC 5758, section 3.2: ECDSA has none.
                writer.WriteNull();
            }
        }

        return writer.Encode();
    }

    private static byte[] Encode(X509Extension extension)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(extension.Oid!.Value!);
            if (extension.Critical)
            {
                writer.WriteBoolean(true);
            }

            writer.WriteOctetString(extension.RawData);
        }

        return writer.Encode();
    }
}
