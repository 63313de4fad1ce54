using Envoy.Config.Core.V3;
using Envoy.Extensions.TransportSockets.Tls.V3;
using Envoy.Type.Matcher.V3;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Translation.Tls;
using Protocol = Envoy.Extensions.TransportSockets.Tls.V3.TlsParameters.Types.TlsProtocol;

namespace ProxylessMesh.ControlPlane.Translation.Gateways;

/// <summary>
/// TLS that ends at a gateway. Certificates are named as Istio's agent names secrets (<c>kubernetes://</c>, <c>file-cert:</c>,
/// <c>file-root:</c>); the gateway's process finds them on its own machine, so no key comes near the control plane.
/// </summary>
internal static class GatewayTlsContexts
{
    public static TransportSocket Build(GatewayTls tls)
    {
        var common = new CommonTlsContext { TlsParams = Parameters(tls), AlpnProtocols = { "h2", "http/1.1" } };
        common.TlsCertificateSdsSecretConfigs.Add(Secret(
            tls.Credential is { } credential ? $"kubernetes://{credential}" : $"file-cert:{tls.CertificateFile}~{tls.KeyFile}"));
        if (tls.Mode != GatewayTlsMode.Simple)
        {
            var validation = new CertificateValidationContext();
            validation.MatchSubjectAltNames.AddRange(tls.SubjectAltNames.Select(name => new StringMatcher { Exact = name }));
            common.CombinedValidationContext = new CommonTlsContext.Types.CombinedCertificateValidationContext
            {
                DefaultValidationContext = validation,
                ValidationContextSdsSecretConfig = Secret(Roots(tls)),
            };
        }

        return TlsContexts.Terminating(new DownstreamTlsContext { CommonTlsContext = common, RequireClientCertificate = tls.Mode == GatewayTlsMode.Mutual });
    }

    private static string Roots(GatewayTls tls) =>
        tls.RootsCredential is { } own ? $"kubernetes://{own}"
        : tls.RootsFile is { } file ? $"file-root:{file}"
        : $"kubernetes://{tls.Credential}-cacert";

    private static SdsSecretConfig Secret(string name) => new() { Name = name, SdsConfig = AdsSource.Create() };

    private static TlsParameters? Parameters(GatewayTls tls) =>
        !tls.Only12 && !tls.Only13 && tls.CipherSuites.Count == 0
            ? null
            : new TlsParameters
            {
                TlsMinimumProtocolVersion = tls.Only13 ? Protocol.Tlsv13 : Protocol.Tlsv12,
                TlsMaximumProtocolVersion = tls.Only12 ? Protocol.Tlsv12 : Protocol.Tlsv13,
                CipherSuites = { tls.CipherSuites },
            };
}
