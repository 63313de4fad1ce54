using Envoy.Config.Core.V3;
using Envoy.Extensions.TransportSockets.Tls.V3;
using Envoy.Type.Matcher.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Translation.Tls;

/// <summary>Mesh mTLS on both sides. Keys and roots never travel over xDS: contexts name certificate provider instances (gRFC A29).</summary>
internal static class TlsContexts
{
    private const string TlsSocket = "envoy.transport_sockets.tls";
    private const string RawSocket = "envoy.transport_sockets.raw_buffer";
    private const string Instance = "default";
    private const string Identity = "default";
    private const string Roots = "ROOTCA";

    public static TransportSocket Plaintext() => new() { Name = RawSocket };

    public static TransportSocket Originating(UpstreamTlsContext context) => Socket(context);

    public static TransportSocket Terminating(DownstreamTlsContext context) => Socket(context);

    /// <summary>The peer's SAN, not a host name, says who it is.</summary>
    public static TransportSocket Upstream(ProxyProfile profile, TlsSettings settings, IEnumerable<StringMatcher> peers, string serverName)
    {
        var common = Common(profile, settings);
        common.CombinedValidationContext.DefaultValidationContext.MatchSubjectAltNames.AddRange(peers);
        return Socket(new UpstreamTlsContext { CommonTlsContext = common, Sni = serverName });
    }

    public static TransportSocket Downstream(ProxyProfile profile, TlsSettings settings) =>
        Socket(new DownstreamTlsContext { CommonTlsContext = Common(profile, settings), RequireClientCertificate = true });

    private static CommonTlsContext Common(ProxyProfile profile, TlsSettings settings)
    {
        var common = new CommonTlsContext
        {
            TlsParams = TlsParametersBuilder.Build(profile, settings),
            TlsCertificateProviderInstance = new CertificateProviderPluginInstance { InstanceName = Instance, CertificateName = Identity },
            CombinedValidationContext = new CommonTlsContext.Types.CombinedCertificateValidationContext
            {
                DefaultValidationContext = new CertificateValidationContext
                {
                    CaCertificateProviderInstance = new CertificateProviderPluginInstance { InstanceName = Instance, CertificateName = Roots },
                },
            },
        };
        if (profile == ProxyProfile.Grpc)
        {
            // gRPC releases from before the plugin instances got their own message read only these (Istio sends both).
            common.TlsCertificateCertificateProviderInstance =
                new CommonTlsContext.Types.CertificateProviderInstance { InstanceName = Instance, CertificateName = Identity };
            common.CombinedValidationContext.ValidationContextCertificateProviderInstance =
                new CommonTlsContext.Types.CertificateProviderInstance { InstanceName = Instance, CertificateName = Roots };
        }

        return common;
    }

    private static TransportSocket Socket(IMessage context) => new() { Name = TlsSocket, TypedConfig = Any.Pack(context) };
}
