using Envoy.Extensions.TransportSockets.Tls.V3;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Resources.Tls;

/// <summary>What both TLS contexts share, half decoded: each side has rules of its own for the rest.</summary>
/// <param name="IdentityProvider">Provider instance of our certificate, or null.</param>
/// <param name="RootsProvider">Provider instance of the roots, or null.</param>
/// <param name="Validation">The peer's checks, or null.</param>
/// <param name="ValidationField">Where they stand in common_tls_context.</param>
internal sealed record CommonTls(
    string? IdentityProvider,
    string? RootsProvider,
    CertificateValidationContext? Validation,
    string? ValidationField)
{
    /// <summary>Versions and cipher suites; null: the usual ones.</summary>
    public TlsParametersConfig? Parameters { get; init; }
}
