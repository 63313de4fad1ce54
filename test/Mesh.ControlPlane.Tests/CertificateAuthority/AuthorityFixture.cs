using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using ProxylessMesh.ControlPlane.CertificateAuthority;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.ControlPlane.Tests.CertificateAuthority;

/// <summary>A data directory of its own, a fake clock, and the authority in it.</summary>
public abstract class AuthorityFixture : IDisposable
{
    internal static readonly SpiffeId Reviews = SpiffeId.Parse("spiffe://cluster.local/ns/default/sa/reviews");

    private readonly TemporaryDirectory _directory = new();

    internal FakeTime Time { get; } = new();

    internal CollectedLogs Logs { get; } = new();

    internal string Data => _directory.File("data");

    internal CertificateAuthorityOptions Options => new() { DataDirectory = Data };

    public void Dispose()
    {
        _directory.Dispose();
        Logs.Dispose();
        GC.SuppressFinalize(this);
    }

    internal string PathOf(string name) => Path.Combine(Data, name);

    internal MeshCertificateAuthority Open(CertificateAuthorityOptions? options = null) =>
        MeshCertificateAuthority.Open(options ?? Options, Time, new Logger<MeshCertificateAuthority>(Logs));

    internal static string RequestFor(AsymmetricAlgorithm key, Action<CertificateRequest>? describe = null, string subject = "")
    {
        var name = new X500DistinguishedName(subject);
        var request = key switch
        {
            ECDsa ec => new CertificateRequest(name, ec, HashAlgorithmName.SHA256),
            RSA rsa => new CertificateRequest(name, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            _ => throw new ArgumentException("unknown key", nameof(key)),
        };
        describe?.Invoke(request);
        return request.CreateSigningRequestPem();
    }

    internal static X509Certificate2 LeafOf(IReadOnlyList<string> chain) => X509Certificate2.CreateFromPem(chain[0]);
}
