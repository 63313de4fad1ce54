using System.Net.Security;
using System.Security.Authentication;
using Google.Protobuf;
using Envoy.Extensions.TransportSockets.Tls.V3;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Tests.Model;
using ProxylessMesh.ControlPlane.Translation;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources;

namespace ProxylessMesh.ControlPlane.Tests.Translation.Tls;

/// <summary>MeshConfig.meshMTLS: versions and cipher suites reach both sides of a mesh connection, and our own decoder takes them.</summary>
public class TlsParametersTests
{
    private static readonly MeshSettings Strict = new() { MutualTls = new TlsSettings(Only13: true, ["ECDHE-ECDSA-AES256-GCM-SHA384"]) };

    [Fact]
    public void Both_sides_agree()
    {
        var model = Mesh.Of(Strict, Mesh.Service("reviews"), Mesh.PeerAuthentication("p", MutualTlsMode.Strict), Mesh.Workload("reviews-1", "app=reviews", "10.0.0.1"));
        var listener = Translate.Listener(model, Mesh.Client(), "xds.istio.io/grpc/lds/inbound/0.0.0.0:9080")!;
        var cluster = Translate.Cluster(model, Mesh.Client(), "outbound|9080||reviews.default.svc.cluster.local")!;
        var expected = new TlsParametersConfig(SslProtocols.Tls13, [TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384]);

        var inbound = Assert.IsType<InboundListenerConfig>(ResourceKinds.Listener.Decode(listener.ToByteString()).Value);
        var outbound = Assert.IsType<ClusterConfig>(ResourceKinds.Cluster.Decode(cluster.ToByteString()).Value);

        Assert.Equal(expected, inbound.FilterChains[0].Tls!.Parameters);
        Assert.Equal(expected, outbound.TlsMatches[0].Tls!.Parameters);
    }

    [Fact]
    public void Nothing_is_said_where_nothing_was_set()
    {
        var model = Mesh.Of(Mesh.PeerAuthentication("p", MutualTlsMode.Strict));

        Assert.Null(Parameters(model, ProxyProfile.Mesh));
    }

    [Fact]
    public void GRPC_would_refuse_them()
    {
        var model = Mesh.Of(Strict, Mesh.Service("reviews"), Mesh.PeerAuthentication("p", MutualTlsMode.Strict), Mesh.Workload("reviews-1", "app=reviews", "10.0.0.1"));

        Assert.Null(Parameters(model, ProxyProfile.Grpc));
    }

    private static TlsParameters? Parameters(MeshModel model, ProxyProfile profile) => Translate
        .Listener(model, Mesh.Client(labels: "app=reviews", profile: profile), "xds.istio.io/grpc/lds/inbound/0.0.0.0:9080")!
        .FilterChains[0].TransportSocket.TypedConfig.Unpack<DownstreamTlsContext>().CommonTlsContext.TlsParams;
}
