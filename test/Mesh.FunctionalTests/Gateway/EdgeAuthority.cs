using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ProxylessMesh.FunctionalTests.Gateway;

/// <summary>An authority of the world outside: certificates for host names, written as a mounted Secret has them.</summary>
internal sealed class EdgeAuthority : IDisposable
{
    private readonly X509Certificate2 _root;

    public EdgeAuthority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _root = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(365));
    }

    public X509Certificate2Collection Roots => [X509CertificateLoader.LoadCertificate(_root.RawData)];

    /// <summary>Of a host or a caller.</summary>
    public X509Certificate2 Issue(string dnsName)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={dnsName}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(dnsName);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], false));
        using var signed = request.Create(_root, _root.NotBefore.AddMinutes(1), _root.NotAfter.AddDays(-1), RandomNumberGenerator.GetBytes(16));
        return signed.CopyWithPrivateKey(key);
    }

    /// <summary>Writes <c>tls.crt</c> and <c>tls.key</c>.</summary>
    /// <returns>The serial number.</returns>
    public string Write(string folder, string dnsName)
    {
        Directory.CreateDirectory(folder);
        using var certificate = Issue(dnsName);
        File.WriteAllText(Path.Combine(folder, "tls.crt"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "tls.key"), certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        return certificate.SerialNumber;
    }

    /// <summary>Writes <c>ca.crt</c>.</summary>
    public void WriteRoots(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "ca.crt"), _root.ExportCertificatePem());
    }

    public void Dispose() => _root.Dispose();
}
