using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ProxylessMesh.ControlPlane.CertificateAuthority;

/// <summary>The authority's own revocation list, <c>ca-crl.pem</c>: whoever is on it is refused by every peer and by the control plane.</summary>
internal sealed class Revocations(DataDirectory directory, TimeProvider time)
{
    // What is revoked stays so: the list is enforced beyond its next update, which other software may insist on.
    private static readonly TimeSpan s_untilNext = TimeSpan.FromDays(3650);

    /// <summary>Adds a certificate to the list; harmless when it is there already.</summary>
    /// <exception cref="CertificateAuthorityException">The certificate is not of this authority, the files are damaged, or the list would be too long.</exception>
    public void Add(X509Certificate2 certificate) => Extend([certificate.SerialNumber], certificate.IssuerName.RawData);

    /// <summary>Adds certificates of this authority by their serial numbers, in hexadecimal.</summary>
    /// <exception cref="CertificateAuthorityException">The files are damaged, or the list would be too long.</exception>
    public void Add(IReadOnlyCollection<string> serials)
    {
        if (serials.Count > 0)
        {
            Extend(serials, issuer: null);
        }
    }

    private void Extend(IReadOnlyCollection<string> serials, byte[]? issuer)
    {
        var signer = new SigningKeyReader(directory, time).Read();
        using var key = signer.Key;
        if (issuer is not null && !issuer.AsSpan().SequenceEqual(signer.Certificate.SubjectName.RawData))
        {
            throw new CertificateAuthorityException($"the certificate with the serial number {serials.First()} was not issued by {signer.Certificate.Subject}");
        }

        var number = System.Numerics.BigInteger.Zero;
        try
        {
            var list = signer.RevocationLists.Length == 0
                ? new CertificateRevocationListBuilder()
                : CertificateRevocationListBuilder.LoadPem(signer.RevocationLists, out number);
            var now = time.GetUtcNow();
            foreach (var serial in serials)
            {
                var bytes = Convert.FromHexString(serial);
                list.RemoveEntry(bytes);
                list.AddEntry(bytes, now);
            }

            using var authority = key is RSA rsa ? signer.Certificate.CopyWithPrivateKey(rsa) : signer.Certificate.CopyWithPrivateKey((ECDsa)key);
            var pem = PemEncoding.WriteString("X509 CRL", list.Build(authority, number + 1, now + s_untilNext, KeyStrength.HashFor(key), RSASignaturePadding.Pkcs1, now));
            directory.WritePublic(SigningKeyReader.RevocationFile, pem.Length < DataDirectory.MaxFileLength
                ? pem + "\n"
                : throw new CertificateAuthorityException($"{directory.PathOf(SigningKeyReader.RevocationFile)} would be longer than {DataDirectory.MaxFileLength} bytes: replace the root instead (mesh certs rotate-root)"));
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            throw new CertificateAuthorityException($"{directory.PathOf(SigningKeyReader.RevocationFile)} cannot be extended: {e.Message}", e);
        }
    }
}
