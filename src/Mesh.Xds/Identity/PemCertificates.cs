using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ProxylessMesh.Xds.Identity;

/// <summary>Certificates in PEM (RFC 7468), bounded, because the text may come from a peer or a damaged file.</summary>
internal static class PemCertificates
{
    private const int MaxLength = 256 * 1024;
    private const int MaxCertificates = 64;

    /// <exception cref="CryptographicException">A certificate is damaged, or there is none, or there are too many.</exception>
    public static X509Certificate2Collection Read(string pem)
    {
        if (pem.Length > MaxLength)
        {
            throw new CryptographicException($"A PEM text holds at most {MaxLength} characters.");
        }

        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPem(pem);
        return certificates.Count switch
        {
            0 => throw new CryptographicException("The PEM text holds no certificate."),
            > MaxCertificates => throw new CryptographicException($"A PEM text holds at most {MaxCertificates} certificates."),
            _ => certificates,
        };
    }

    /// <summary>Whether a certificate is a root: signed by itself, as far as its names say.</summary>
    public static bool IsSelfIssued(X509Certificate2 certificate) =>
        certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);
}
