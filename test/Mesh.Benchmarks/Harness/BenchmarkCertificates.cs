using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.Benchmarks.Harness;

/// <summary>One root and one certificate for every party: an SVID that is also good for 127.0.0.1. In files, for other processes.</summary>
internal sealed class BenchmarkCertificates
{
    public const string Id = "spiffe://cluster.local/ns/default/sa/bench";

    public BenchmarkCertificates(string folder)
    {
        Folder = folder;
        var authority = new TestAuthority(TimeProvider.System);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var leaf = authority.Issue(key, new TestLeaf { Uris = [Id], DnsNames = ["localhost"], Addresses = ["127.0.0.1"] });
        Identity = new IdentityState(WorkloadCertificate.Create([leaf, .. authority.Roots], key), authority.Bundle);
        Root = authority.Roots[0];
        File.WriteAllText(RootFile, Root.ExportCertificatePem());
        File.WriteAllText(CertificateFile, leaf.ExportCertificatePem() + "\n");
        AtomicFile.WriteSecret(KeyFile(folder), key.ExportPkcs8PrivateKeyPem());
        AtomicFile.WriteSecret(BundleFile, File.ReadAllText(CertificateFile) + key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    public string Folder { get; }

    public IdentityState Identity { get; }

    public X509Certificate2 Root { get; }

    public string RootFile => Path.Combine(Folder, "root.pem");

    public string CertificateFile => Path.Combine(Folder, "leaf.pem");

    /// <summary>Certificate and key, as haproxy wants them.</summary>
    public string BundleFile => Path.Combine(Folder, "bundle.pem");

    /// <summary>As <see cref="Folder"/>'s other readers load it.</summary>
    public static X509Certificate2 Load(string folder)
    {
        // SslStream wants a key that did not come from PEM alone on some platforms; a PKCS #12 round trip suits all.
        using var pem = X509Certificate2.CreateFromPemFile(Path.Combine(folder, "leaf.pem"), KeyFile(folder));
        return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>Whether a chain ends at the root.</summary>
    public static bool Trusts(X509Certificate2 root, X509Certificate? certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(root);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return certificate is X509Certificate2 leaf && chain.Build(leaf);
    }

    public static string KeyFile(string folder) => Path.Combine(folder, "key.pem");
}
