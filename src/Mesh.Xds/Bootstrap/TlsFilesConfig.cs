namespace ProxylessMesh.Xds.Bootstrap;

/// <summary>Certificates in PEM files, as of the channel credentials <c>tls</c> and of the plugin <c>file_watcher</c>.</summary>
/// <param name="CaCertificateFile">Roots; null = the system's.</param>
/// <param name="CertificateFile">Our certificate with its chain; null = none. Set together with the key.</param>
/// <param name="PrivateKeyFile">Its key.</param>
/// <param name="RefreshInterval">How often the files are looked at; 600 s by default.</param>
internal sealed record TlsFilesConfig(string? CaCertificateFile, string? CertificateFile, string? PrivateKeyFile, TimeSpan RefreshInterval)
{
    /// <summary>Roots by SPIFFE trust domain, in place of <see cref="CaCertificateFile"/> (gRFC A87); null = none.</summary>
    public string? BundleMapFile { get; init; }

    public static TimeSpan DefaultRefreshInterval { get; } = TimeSpan.FromSeconds(600);
}
