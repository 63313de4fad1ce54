using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ProxylessMesh.ControlPlane.CertificateAuthority;

/// <summary>The authority's own revocation list, <c>ca-crl.pem</c>: whoever is on it is refused by every peer and by the control plane.</summary>
internal sealed class Revocations(DataDirectory directory, TimeProvider time)
{
    // What is revoked stays so: the list is enforced beyond its next update, which other software may insist on.
    private static readonly TimeSpan s_untilNext = TimeSpan.FromDays(3650);

    /// <summary>Adds a certificate to the list; harmless when it is there already.</summary>
    /// <exception cref="CertificateAuthorityException">The certificate is not of this authority, or the files are damaged.</exception>
    public void Add(X509Certificate2 certificate)
    {
        var signer = new SigningKeyReader(directory, time).Read();
        using var key = signer.Key;
        if (!certificate.IssuerName.RawData.AsSpan().SequenceEqual(signer.Certificate.SubjectName.RawData))
        {
            throw new CertificateAuthorityException($"the certificate with the serial number {certificate.SerialNumber} was not issued by {signer.Certificate.Subject}");
        }

        var number = System.Numerics.BigInteger.Zero;
        try
        {
            var list = signer.RevocationLists.Length == 0
                ? new CertificateRevocationListBuilder()
                : CertificateRevocationListBuilder.LoadPem(signer.RevocationLists, out number);
            list.RemoveEntry(certificate.SerialNumberBytes.Span);
            list.AddEntry(certificate.SerialNumberBytes.Span, time.GetUtcNow());
            var now = time.GetUtcNow();
            using var issuer = key is RSA rsa ? signer.Certificate.CopyWithPrivateKey(rsa) : signer.Certificate.CopyWithPrivateKey((ECDsa)key);
            var der = list.Build(issuer, number + 1, now + s_untilNext, KeyStrength.HashFor(key), RSASignaturePadding.Pkcs1, now);
            directory.WritePublic(SigningKeyReader.RevocationFile, PemEncoding.WriteString("X509 CRL", der) + "\n");
        }
        catch (CryptographicException e)
        {
            throw new CertificateAuthorityException($"{directory.PathOf(SigningKeyReader.RevocationFile)} cannot be extended: {e.Message}", e);
        }
    }
}
