using ProxylessMesh.Xds.Bootstrap;

namespace ProxylessMesh.Xds.Identity;

/// <summary>
/// A folder in which somebody else keeps a certificate fresh, by the names of those who do: cert-manager's and csi-driver-spiffe's
/// (<c>tls.crt</c>), spiffe-helper's (<c>svid.pem</c>), Istio's agent's and ours (<c>cert-chain.pem</c>). Kubernetes swaps the whole
/// folder by a symbolic link, so names are resolved at each look.
/// </summary>
internal static class CertificateFolder
{
    private static readonly (string Certificate, string Key, string Roots)[] s_layouts =
    [
        ("tls.crt", "tls.key", "ca.crt"),
        ("svid.pem", "svid_key.pem", "svid_bundle.pem"),
        ("cert-chain.pem", "key.pem", "root-cert.pem"),
    ];

    // Looking at three small files costs nothing.
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(10);

    /// <summary>The first layout whose certificate is there; the first of all while there is none.</summary>
    public static TlsFilesConfig FilesOf(string folder)
    {
        var (certificate, key, roots) = s_layouts.FirstOrDefault(l => File.Exists(Path.Combine(folder, l.Certificate)), s_layouts[0]);
        return new TlsFilesConfig(Path.Combine(folder, roots), Path.Combine(folder, certificate), Path.Combine(folder, key), s_interval);
    }
}
