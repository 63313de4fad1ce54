namespace ProxylessMesh.Xds.Config;

/// <summary>TLS towards clients outside the mesh, with certificates from this machine's files.</summary>
/// <param name="Certificate">What the server shows.</param>
/// <param name="Roots">What verifies clients; null: none is asked for a certificate.</param>
internal sealed record ServedTlsConfig(CredentialConfig Certificate, CredentialConfig? Roots)
{
    /// <summary>One of which a client's certificate must have; none: any certificate of the roots will do.</summary>
    public EquatableArray<StringMatchConfig> SubjectAltNames { get; init; } = [];
}
