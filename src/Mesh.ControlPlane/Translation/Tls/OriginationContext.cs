using Envoy.Config.Core.V3;
using Envoy.Extensions.TransportSockets.Tls.V3;
using Envoy.Type.Matcher.V3;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.Xds.Config;
using SanType = Envoy.Extensions.TransportSockets.Tls.V3.SubjectAltNameMatcher.Types.SanType;
using TrustChain = Envoy.Extensions.TransportSockets.Tls.V3.CertificateValidationContext.Types.TrustChainVerification;

namespace ProxylessMesh.ControlPlane.Translation.Tls;

/// <summary>
/// TLS towards a server outside the mesh. Without sni and subjectAltNames the host called is both, which is what Istio's
/// autoSni and autoSanValidation come to; a wildcard host leaves the name to each endpoint's own.
/// </summary>
internal static class OriginationContext
{
    public static UpstreamTlsContext Build(ClientTls tls, MeshService service, TlsParameters? parameters)
    {
        // Those of the DestinationRule go before those of the ServiceEntry (Istio, ClientTLSSettings.subjectAltNames).
        var names = tls.SubjectAltNames.Count > 0 || tls.SkipVerify ? tls.SubjectAltNames : service.SubjectAltNames;
        var host = service.Host;
        var isNamed = tls.ServerName is not null || !HostName.IsWildcard(host);
        var serverName = tls.ServerName ?? (isNamed ? host : "");
        var common = new CommonTlsContext { ValidationContext = Validation(tls, names, serverName), TlsParams = parameters };
        if (tls is { CertificateFile: { } certificate, KeyFile: { } key })
        {
            common.TlsCertificates.Add(new TlsCertificate { CertificateChain = File(certificate), PrivateKey = File(key) });
        }

        return new UpstreamTlsContext
        {
            CommonTlsContext = common,
            Sni = serverName,
            AutoHostSni = !isNamed,
            AutoSniSanValidation = !isNamed && names.Count == 0 && !tls.SkipVerify,
        };
    }

    private static CertificateValidationContext Validation(ClientTls tls, EquatableArray<string> names, string serverName)
    {
        var validation = new CertificateValidationContext();
        if (tls.SkipVerify)
        {
            validation.TrustChainVerification = TrustChain.AcceptUntrusted;
            return validation;
        }

        if (tls.RootsFile is { } roots)
        {
            validation.TrustedCa = File(roots);
        }
        else
        {
            validation.SystemRootCerts = new CertificateValidationContext.Types.SystemRootCerts();
        }

        // Istio leaves the kind of a given name open, so the field without kinds takes them.
        validation.MatchSubjectAltNames.AddRange(names.Select(name => new StringMatcher { Exact = name }));
        if (names.Count == 0 && serverName.Length > 0)
        {
            validation.MatchTypedSubjectAltNames.Add(new SubjectAltNameMatcher { SanType = SanType.Dns, Matcher = new StringMatcher { Exact = serverName } });
        }

        return validation;
    }

    private static DataSource File(string path) => new() { Filename = path };
}
