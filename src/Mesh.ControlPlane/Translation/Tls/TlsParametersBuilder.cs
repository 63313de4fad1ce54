using Envoy.Extensions.TransportSockets.Tls.V3;
using ProxylessMesh.ControlPlane.Model;
using Protocol = Envoy.Extensions.TransportSockets.Tls.V3.TlsParameters.Types.TlsProtocol;

namespace ProxylessMesh.ControlPlane.Translation.Tls;

/// <summary>Versions and cipher suites. gRPC refuses the field (gRFC A29), so it is only for the mesh profile, and there only when something was set.</summary>
internal static class TlsParametersBuilder
{
    public static TlsParameters? Build(ProxyProfile profile, TlsSettings settings)
    {
        if (profile == ProxyProfile.Grpc || settings == TlsSettings.Usual)
        {
            return null;
        }

        return new TlsParameters
        {
            TlsMinimumProtocolVersion = settings.Only13 ? Protocol.Tlsv13 : Protocol.Tlsv12,
            TlsMaximumProtocolVersion = Protocol.Tlsv13,
            CipherSuites = { settings.CipherSuites },
        };
    }
}
