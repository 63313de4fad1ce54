namespace ProxylessMesh.Xds.Config;

/// <summary>TLS of a listener: our certificate, and whom we ask for one.</summary>
/// <param name="IdentityProvider">Certificate provider instance of our certificate.</param>
/// <param name="RootsProvider">Certificate provider instance of the roots for client certificates; null: none are verified.</param>
/// <param name="RequireClientCertificate">Without one the handshake fails.</param>
internal sealed record DownstreamTlsConfig(
    string IdentityProvider,
    string? RootsProvider,
    bool RequireClientCertificate)
{
    /// <summary>Null: the certificate is the workload's own, and clients prove an id of the mesh.</summary>
    public ServedTlsConfig? Served { get; init; }

    /// <summary>Null: TLS 1.2 and 1.3 with the platform's cipher suites.</summary>
    public TlsParametersConfig? Parameters { get; init; }
}
