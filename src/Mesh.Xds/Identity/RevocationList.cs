using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ProxylessMesh.Xds.Identity;

/// <summary>
/// A certificate revocation list (RFC 5280, section 5). It counts for certificates of the issuer whose key signed it. One that is
/// past its next update still counts: what it revokes stays revoked.
/// </summary>
internal sealed class RevocationList
{
    private const int MaxLength = 1024 * 1024;
    private const int MaxLists = 64;
    private const string Label = "X509 CRL";

    private readonly ReadOnlyMemory<byte> _signed;
    private readonly string _algorithm;
    private readonly byte[] _signature;
    private readonly byte[] _issuer;
    private readonly HashSet<string> _serials;

    // The issuer that was last found to have signed it; a signature is verified once, not in every handshake.
    private volatile X509Certificate2? _verified;

    private RevocationList(ReadOnlyMemory<byte> signed, string algorithm, byte[] signature, byte[] issuer, HashSet<string> serials)
    {
        _signed = signed;
        _algorithm = algorithm;
        _signature = signature;
        _issuer = issuer;
        _serials = serials;
    }

    /// <summary>The lists of a PEM text; none of an empty one.</summary>
    /// <exception cref="CryptographicException">One is damaged, or there are too many.</exception>
    public static IReadOnlyList<RevocationList> ReadAll(string pem)
    {
        if (pem.Length > MaxLength)
        {
            throw new CryptographicException($"Revocation lists hold at most {MaxLength} characters.");
        }

        var lists = new List<RevocationList>();
        var rest = pem.AsSpan();
        while (PemEncoding.TryFind(rest, out var fields))
        {
            if (rest[fields.Label] is not Label || lists.Count == MaxLists)
            {
                throw new CryptographicException($"The text holds something else than at most {MaxLists} revocation lists.");
            }

            lists.Add(Read(Convert.FromBase64String(rest[fields.Base64Data].ToString())));
            rest = rest[fields.Location.End..];
        }

        return rest.Trim().IsEmpty ? lists : throw new CryptographicException("The text holds something else than revocation lists in PEM.");
    }

    /// <summary>Whether this list, if it is the issuer's, revokes the certificate.</summary>
    public bool Revokes(X509Certificate2 certificate, X509Certificate2 issuer) =>
        _serials.Contains(certificate.SerialNumber)
        && certificate.IssuerName.RawData.AsSpan().SequenceEqual(_issuer)
        && IsSignedBy(issuer);

    /// <summary>Whether the list is one of this authority.</summary>
    public bool IsSignedBy(X509Certificate2 issuer)
    {
        if (_verified is { } known && known.Equals(issuer))
        {
            return true;
        }

        if (!issuer.SubjectName.RawData.AsSpan().SequenceEqual(_issuer) || !Verify(issuer))
        {
            return false;
        }

        // A copy: the certificate of a chain is disposed of with it.
        _verified = X509CertificateLoader.LoadCertificate(issuer.RawDataMemory.Span);
        return true;
    }

    private bool Verify(X509Certificate2 issuer)
    {
        try
        {
            using var key = (AsymmetricAlgorithm?)issuer.GetRSAPublicKey() ?? issuer.GetECDsaPublicKey();
            return X509Signature.Verify(_algorithm, key, _signed.Span, _signature);
        }
        catch (Exception e) when (e is CryptographicException or PlatformNotSupportedException)
        {
            // A key that is damaged, or on a curve that the platform does not have.
            return false;
        }
    }

    private static RevocationList Read(byte[] der)
    {
        try
        {
            var outer = new AsnReader(der, AsnEncodingRules.DER);
            var list = outer.ReadSequence();
            outer.ThrowIfNotEmpty();
            var signed = list.PeekEncodedValue();
            var content = list.ReadSequence();
            var algorithm = list.ReadSequence().ReadObjectIdentifier();
            var signature = list.ReadBitString(out _);
            list.ThrowIfNotEmpty();
            if (content.PeekTag().HasSameClassAndValue(Asn1Tag.Integer))
            {
                content.ReadInteger();
            }

            content.ReadSequence();
            var issuer = content.ReadEncodedValue().ToArray();
            content.ReadEncodedValue();
            return new RevocationList(signed, algorithm, signature, issuer, ReadSerials(content));
        }
        catch (AsnContentException e)
        {
            throw new CryptographicException("A revocation list is damaged.", e);
        }
    }

    // nextUpdate and the entries are optional; of an entry only the serial number matters, whatever its reason.
    private static HashSet<string> ReadSerials(AsnReader content)
    {
        var serials = new HashSet<string>(StringComparer.Ordinal);
        if (content.HasData && !content.PeekTag().HasSameClassAndValue(Asn1Tag.Sequence) && content.PeekTag().TagClass == TagClass.Universal)
        {
            content.ReadEncodedValue();
        }

        if (content.HasData && content.PeekTag().HasSameClassAndValue(Asn1Tag.Sequence))
        {
            var entries = content.ReadSequence();
            while (entries.HasData)
            {
                serials.Add(Convert.ToHexString(entries.ReadSequence().ReadIntegerBytes().Span));
            }
        }

        return serials;
    }
}
