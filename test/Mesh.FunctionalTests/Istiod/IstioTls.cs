using Envoy.Config.Core.V3;
using Envoy.Extensions.TransportSockets.Tls.V3;
using Envoy.Type.Matcher.V3;
using Google.Protobuf.WellKnownTypes;

namespace ProxylessMesh.FunctionalTests.Istiod;

/// <summary>The TLS contexts of grpcgen: the agent's certificate provider, in the deprecated fields and, in newer versions, in the new ones as well.</summary>
internal static class IstioTls
{
    public static TransportSocket Upstream(IstioMesh mesh, params string[] identities) =>
        new() { Name = "envoy.transport_sockets.tls", TypedConfig = Any.Pack(new UpstreamTlsContext { CommonTlsContext = Common(mesh, identities) }) };

    public static TransportSocket Downstream(IstioMesh mesh) => new()
    {
        Name = "envoy.transport_sockets.tls",
        TypedConfig = Any.Pack(new DownstreamTlsContext { CommonTlsContext = Common(mesh, []), RequireClientCertificate = true }),
    };

    private static CommonTlsContext Common(IstioMesh mesh, string[] identities)
    {
        var validation = new CertificateValidationContext();
        validation.MatchSubjectAltNames.AddRange(identities.Select(i => new StringMatcher { Exact = i }));
        var tls = new CommonTlsContext
        {
            TlsCertificateCertificateProviderInstance = new() { InstanceName = "default", CertificateName = "default" },
            CombinedValidationContext = new()
            {
                ValidationContextCertificateProviderInstance = new() { InstanceName = "default", CertificateName = "ROOTCA" },
                DefaultValidationContext = validation,
            },
        };
        if (!mesh.OldProviderFieldsOnly)
        {
            tls.TlsCertificateProviderInstance = new() { InstanceName = "default", CertificateName = "default" };
            validation.CaCertificateProviderInstance = new() { InstanceName = "default", CertificateName = "ROOTCA" };
        }

        return tls;
    }
}
