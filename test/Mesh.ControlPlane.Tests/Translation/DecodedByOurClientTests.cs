using Google.Protobuf;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Tests.Model;
using ProxylessMesh.ControlPlane.Translation;
using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Resources;

namespace ProxylessMesh.ControlPlane.Tests.Translation;

/// <summary>What the control plane writes, the data plane must read without a complaint: a NACK would freeze its clients.</summary>
public class DecodedByOurClientTests
{
    private static readonly string[] s_names = ["reviews:9080", "xds.istio.io/grpc/lds/inbound/[::]:9080"];

    [Theory]
    [InlineData(ProxyProfile.Mesh, MutualTlsMode.Unset, null)]
    [InlineData(ProxyProfile.Mesh, MutualTlsMode.Strict, ClientTlsMode.IstioMutual)]
    [InlineData(ProxyProfile.Mesh, MutualTlsMode.Disable, ClientTlsMode.Disable)]
    [InlineData(ProxyProfile.Grpc, MutualTlsMode.Unset, null)]
    [InlineData(ProxyProfile.Grpc, MutualTlsMode.Strict, ClientTlsMode.IstioMutual)]
    public void Every_resource_is_accepted(object profile, object mode, object? clientTls)
    {
        var model = Mesh.Of(
            Mesh.Service("reviews"),
            Mesh.ServiceEntry("dns", "api.example.com", ServiceEntryResolution.Dns, ServiceEntryLocation.MeshInternal),
            Mesh.ServiceEntry("none", "*.example.com", ServiceEntryResolution.None),
            Mesh.VirtualService("v", "reviews", http: [EveryMatch(), Mesh.Route("reviews:v1=90 reviews:v2=10 gone=0", timeout: TimeSpan.FromSeconds(1), retries: Mesh.Retry(3, "503,5xx,reset", TimeSpan.FromMilliseconds(200), backoff: TimeSpan.FromMilliseconds(20)))]),
            Mesh.DestinationRule(
                "r",
                "reviews",
                Mesh.Policy(SimpleLoadBalancer.Random, TimeSpan.FromSeconds(1), new OutlierDetection(0, 3, null, null, 100, Mesh.At), (ClientTlsMode?)clientTls),
                "",
                Mesh.Subset("v1", "version=v1"),
                Mesh.Subset("v2", "version=v2", Mesh.Policy(SimpleLoadBalancer.RoundRobin))),
            Mesh.PeerAuthentication("p", (MutualTlsMode)mode),
            Mesh.Workload("a", "app=reviews,version=v1", "10.0.0.1", locality: "us/a/"),
            Mesh.Workload("b", "app=reviews,version=v2", "::1"),
            Mesh.WorkloadEntry("vm", Mesh.Endpoint("10.0.0.2", "app=reviews", weight: uint.MaxValue)));
        var proxy = Mesh.Client(labels: "app=reviews", profile: (ProxyProfile)profile);

        foreach (var name in s_names.Concat(ResourceTranslator.AllNames(model, proxy, TypeUrl.Listener)))
        {
            Accepts(ResourceKinds.Listener, model, proxy, name);
        }

        foreach (var name in ResourceTranslator.AllNames(model, proxy, TypeUrl.Cluster))
        {
            Accepts(ResourceKinds.Cluster, model, proxy, name);
            Accepts(ResourceKinds.Endpoints, model, proxy, name);
            Accepts(ResourceKinds.Route, model, proxy, name);
        }
    }

    [Fact]
    public void The_names_of_types_agree() => Assert.Equal(
        ResourceTranslator.TypeUrls,
        [ResourceKinds.Cluster.TypeUrl, ResourceKinds.Endpoints.TypeUrl, ResourceKinds.Listener.TypeUrl, ResourceKinds.Route.TypeUrl]);

    private static HttpRoute EveryMatch() => Mesh.Route("reviews", "all", matches: Mesh.Match(
        "m",
        Mesh.Prefix("/x"),
        ignoreCase: true,
        Mesh.Exact("GET"),
        Mesh.Exact("http"),
        Mesh.Regex("reviews.*"),
        [Mesh.Named("a"), Mesh.Named("b", Mesh.Exact("1")), Mesh.Named("c", Mesh.Prefix("1")), Mesh.Named("d", Mesh.Regex("1+"))],
        [Mesh.Named("e"), Mesh.Named("f", Mesh.Exact("1"))],
        [Mesh.Named("q"), Mesh.Named("r", Mesh.Regex("1"))]));

    private static void Accepts<T>(ResourceKind<T> kind, MeshModel model, ProxyView proxy, string name)
        where T : class
    {
        if (ResourceTranslator.Translate(model, proxy, kind.TypeUrl, name) is { } resource)
        {
            var decoded = kind.Decode(ByteString.CopyFrom(resource.Bytes.Span));

            Assert.True(decoded.Errors.Count == 0, $"{name}: {string.Join("; ", decoded.Errors)}");
            Assert.Equal(name, decoded.Name);
        }
    }
}
