using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ProxylessMesh.ControlPlane.CertificateAuthority;

/// <summary>A root of the mesh's own.</summary>
internal static class SelfSignedRoot
{
    // A workload whose clock is a little behind must be able to use it at once.
    private static readonly TimeSpan s_clockSkew = TimeSpan.FromMinutes(1);

    public static X500DistinguishedName NameFor(string trustDomain)
    {
        var name = new X500DistinguishedNameBuilder();
        name.AddOrganizationName(trustDomain);
        return name.Build();
    }

    /// <summary>Roots of one mesh have the same name; their key identifiers tell them apart.</summary>
    public static X509Certificate2 Create(ECDsa key, X500DistinguishedName name, DateTimeOffset now, TimeSpan lifetime)
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        var extensions = request.CertificateExtensions;
        extensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        extensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        var keyId = new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false);
        extensions.Add(keyId);
        extensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(keyId));
        return request.CreateSelfSigned(now - s_clockSkew, now + lifetime);
    }
}
