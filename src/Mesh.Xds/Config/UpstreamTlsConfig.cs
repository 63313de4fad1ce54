namespace ProxylessMesh.Xds.Config;

/// <summary>
/// TLS towards an endpoint (gRFC A29). The names of subject alternative names replace the host name check.
/// </summary>
/// <param name="IdentityProvider">Certificate provider instance of our certificate; null: none is shown.</param>
/// <param name="RootsProvider">Certificate provider instance of the roots.</param>
/// <param name="SubjectAltNames">One of the peer's names must match one of these; empty = any name from the roots.</param>
/// <param name="ServerName">SNI; empty = none.</param>
/// <param name="AlpnProtocols">As configured; empty = by the request's version.</param>
internal sealed record UpstreamTlsConfig(
    string? IdentityProvider,
    string RootsProvider,
    EquatableArray<StringMatchConfig> SubjectAltNames,
    string ServerName,
    EquatableArray<string> AlpnProtocols)
{
    /// <summary>Set for a server that is not of the mesh; the providers then mean nothing.</summary>
    public TlsOriginationConfig? Origination { get; init; }

    /// <summary>Null: TLS 1.2 and 1.3 with the platform's cipher suites.</summary>
    public TlsParametersConfig? Parameters { get; init; }
}
