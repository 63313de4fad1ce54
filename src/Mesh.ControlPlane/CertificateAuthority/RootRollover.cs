using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ProxylessMesh.ControlPlane.CertificateAuthority;

/// <summary>
/// Replaces the root that the mesh made for itself, in three steps on the data directory, which a running control plane follows:
/// distribute the new root, sign with it, drop the old one. Each can be repeated after a crash.
/// </summary>
internal sealed class RootRollover(DataDirectory directory, TimeProvider time)
{
    private const string NextKeyFile = "next-ca-key.pem";
    private const string NextCertificateFile = "next-ca-cert.pem";

    /// <summary>Makes a key and a root, and lets workloads trust it besides the present one.</summary>
    /// <exception cref="CertificateAuthorityException">The authority is not self-signed, or a rollover is under way.</exception>
    public X509Certificate2 Prepare(TimeSpan lifetime)
    {
        var signer = new SigningKeyReader(directory, time).Read();
        using var present = signer.Key;
        if (signer.Intermediates.Count > 0)
        {
            throw new CertificateAuthorityException(
                $"{directory.PathOf(SigningKeyReader.CertificateFile)} is below a root that the mesh did not make: replace the files of that authority instead");
        }

        if (signer.Roots.Count > 1 || directory.Has(NextKeyFile))
        {
            throw new CertificateAuthorityException("another root is on its way already: activate it, or finish with the old one first");
        }

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var root = SelfSignedRoot.Create(key, signer.Certificate.SubjectName, time.GetUtcNow(), lifetime);
        directory.WritePublic(NextCertificateFile, root.ExportCertificatePem() + "\n");
        directory.WriteSecret(NextKeyFile, key.ExportPkcs8PrivateKeyPem() + "\n");
        directory.WritePublic(SigningKeyReader.RootFile, $"{signer.Anchor.ExportCertificatePem()}\n{root.ExportCertificatePem()}\n");
        return root;
    }

    /// <summary>Lets the new key sign. A control plane that runs waits with it until every connected workload trusts its root.</summary>
    /// <exception cref="CertificateAuthorityException">Nothing is prepared.</exception>
    public void Activate()
    {
        if (!directory.Has(NextKeyFile) || !directory.Has(NextCertificateFile))
        {
            throw new CertificateAuthorityException("no new root is prepared");
        }

        directory.WriteSecret(SigningKeyReader.KeyFile, directory.Read(NextKeyFile));
        directory.WritePublic(SigningKeyReader.CertificateFile, directory.Read(NextCertificateFile));
        directory.Delete(NextKeyFile);
        directory.Delete(NextCertificateFile);
    }

    /// <summary>Ends the trust in every root but that of the key that signs now.</summary>
    /// <param name="longestLifetime">Of a workload's certificate.</param>
    /// <param name="force">Even though certificates of the old root may be in use.</param>
    /// <exception cref="CertificateAuthorityException">The new key has not been in use for so long.</exception>
    public void Finish(TimeSpan longestLifetime, bool force)
    {
        var signer = new SigningKeyReader(directory, time).Read();
        using var key = signer.Key;
        if (signer.Roots.Count < 2 || directory.Has(NextKeyFile))
        {
            throw new CertificateAuthorityException(
                directory.Has(NextKeyFile) ? "the new root does not sign yet: activate it first" : "there is no other root to drop");
        }

        var activated = new DateTimeOffset(File.GetLastWriteTimeUtc(directory.PathOf(SigningKeyReader.CertificateFile)));
        if (!force && activated + longestLifetime > time.GetUtcNow())
        {
            throw new CertificateAuthorityException(
                $"the new root signs since {activated:u}, so certificates of the old one may be valid until {activated + longestLifetime:u}. "
                + "Wait until then, or say --force when every workload has renewed (their log shows event 1400 after 1451)");
        }

        directory.WritePublic(SigningKeyReader.RootFile, signer.Anchor.ExportCertificatePem() + "\n");
    }
}
