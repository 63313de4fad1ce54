namespace ProxylessMesh.Xds.Config;

/// <summary>TLS towards a server that is not of the mesh: certificates in files, and host names instead of SPIFFE ids.</summary>
/// <param name="RootsFile">PEM file of the roots; null: the machine's.</param>
/// <param name="CertificateFile">PEM file of our certificate and its chain; null: none is shown.</param>
/// <param name="KeyFile">PEM file of its private key; set with the certificate.</param>
internal sealed record TlsOriginationConfig(string? RootsFile, string? CertificateFile, string? KeyFile)
{
    /// <summary>The server name is the endpoint's own host name rather than the one configured (auto_host_sni).</summary>
    public bool AutoHostName { get; init; }

    /// <summary>The certificate must be for the server name (auto_sni_san_validation).</summary>
    public bool AutoNameValidation { get; init; }

    /// <summary>Whoever signed the certificate (trust_chain_verification ACCEPT_UNTRUSTED): for tests only.</summary>
    public bool AcceptUntrusted { get; init; }
}
