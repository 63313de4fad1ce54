using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.ControlPlane.CertificateAuthority;

/// <summary>A workload's key and certificate made on its behalf, for software that cannot ask for its own.</summary>
internal sealed class ExportedIdentity
{
    // Three derivations; the defaults of .NET's own reader (Pkcs12LoaderLimits) allow 300,000 each and a million together.
    private const int Iterations = 250_000;

    private readonly AsymmetricAlgorithm _key;
    private readonly IReadOnlyList<string> _chain;

    private ExportedIdentity(SpiffeId id, AsymmetricAlgorithm key, IReadOnlyList<string> chain)
    {
        Id = id;
        _key = key;
        _chain = chain;
        using var leaf = X509Certificate2.CreateFromPem(chain[0]);
        NotAfter = leaf.NotAfter.ToUniversalTime();
    }

    public SpiffeId Id { get; }

    public DateTime NotAfter { get; }

    /// <exception cref="SigningRequestException">A host name is none.</exception>
    public static ExportedIdentity Create(MeshCertificateAuthority authority, SpiffeId id, WorkloadKeyType type, TimeSpan lifetime, IReadOnlyList<string> hosts)
    {
        var key = SigningRequest.NewKey(type);
        return new ExportedIdentity(id, key, authority.Issue(id, SigningRequest.Create(key), lifetime, hosts));
    }

    /// <summary><c>key.pem</c> (PKCS#8), <c>cert-chain.pem</c> and <c>root-cert.pem</c>, each 0600.</summary>
    public void WritePem(string directory)
    {
        AtomicFile.CreateSecretDirectory(directory);
        AtomicFile.WriteSecret(Path.Combine(directory, "key.pem"), _key.ExportPkcs8PrivateKeyPem() + "\n");
        AtomicFile.WriteSecret(Path.Combine(directory, "cert-chain.pem"), string.Join('\n', _chain.Take(_chain.Count - 1)) + "\n");
        WriteRoots(directory);
    }

    /// <summary><c>identity.p12</c> (key and chain, AES-256 under the password) and <c>root-cert.pem</c>, each 0600.</summary>
    public void WritePkcs12(string directory, string password)
    {
        var encryption = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, Iterations);
        var keys = new Pkcs12SafeContents();
        var certificates = new Pkcs12SafeContents();
        var key = keys.AddShroudedKey(_key, password, encryption);
        for (var i = 0; i < _chain.Count - 1; i++)
        {
            using var certificate = X509Certificate2.CreateFromPem(_chain[i]);
            var bag = certificates.AddCertificate(certificate);
            if (i == 0)
            {
                // Readers find the key's certificate by the same local id.
                var id = new Pkcs9LocalKeyId(certificate.GetCertHash(HashAlgorithmName.SHA256));
                bag.Attributes.Add(id);
                key.Attributes.Add(id);
            }
        }

        var builder = new Pkcs12Builder();
        builder.AddSafeContentsEncrypted(certificates, password, encryption);
        builder.AddSafeContentsUnencrypted(keys);
        builder.SealWithMac(password, HashAlgorithmName.SHA256, Iterations);
        AtomicFile.CreateSecretDirectory(directory);
        AtomicFile.WriteSecret(Path.Combine(directory, "identity.p12"), builder.Encode());
        WriteRoots(directory);
    }

    private void WriteRoots(string directory) => AtomicFile.WriteSecret(Path.Combine(directory, "root-cert.pem"), _chain[^1] + "\n");
}
