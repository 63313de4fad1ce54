using FsCheck;
using FsCheck.Fluent;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Tests.Model;
using ProxylessMesh.ControlPlane.Translation;
using ProxylessMesh.Testing;

namespace ProxylessMesh.ControlPlane.Tests.Translation;

public class ResourceTranslatorTests
{
    private static readonly object[] s_parts =
    [
        Mesh.Service("reviews"),
        Mesh.Service("prod/ratings", ports: [Mesh.Port(80), Mesh.Port(81, "admin")]),
        Mesh.ServiceEntry("a", "api.example.com", ServiceEntryResolution.Dns),
        Mesh.ServiceEntry("b", "api.example.com,*.example.com"),
        Mesh.VirtualService("v1", "reviews", http: Mesh.Route("reviews:v1=90 reviews:v2=10", matches: Mesh.Match(headers: [Mesh.Named("b"), Mesh.Named("a")]))),
        Mesh.VirtualService("v2", "reviews", http: Mesh.Route("ratings.prod")),
        Mesh.DestinationRule("r1", "reviews", subsets: Mesh.Subset("v1", "version=v1")),
        Mesh.DestinationRule("r2", "reviews", Mesh.Policy(SimpleLoadBalancer.Random), subsets: Mesh.Subset("v2", "version=v2")),
        Mesh.PeerAuthentication("p1", MutualTlsMode.Strict, "app=reviews"),
        Mesh.PeerAuthentication("p2", MutualTlsMode.Disable, "app=reviews"),
        Mesh.Workload("a", "app=reviews,version=v1", "10.0.0.1", account: "one"),
        Mesh.Workload("b", "app=reviews,version=v2", "10.0.0.2", account: "two", locality: "us/a/"),
        Mesh.Workload("c", "app=reviews,version=v2", "10.0.0.2", account: "three", locality: "us/b/"),

        // One id, claimed by several: by accounts that proved themselves, and by some that did not.
        Mesh.Workload("a", "app=reviews,version=v1", "10.0.0.1", account: "other", locality: "us/c/"),
        Mesh.Workload("d", "app=reviews,version=v1", "10.0.0.5", authenticated: false, locality: "us/a/"),
        Mesh.Workload("d", "app=reviews,version=v1", "10.0.0.5", account: "other", authenticated: false, locality: "us/b/"),
        Mesh.WorkloadEntry("vm", Mesh.Endpoint("10.0.0.3", "app=reviews,version=v1", account: "vm")),
        Mesh.WorkloadEntry("prod/vm", Mesh.Endpoint("10.0.0.4", "app=ratings")),
    ];

    [Fact]
    public void Push_order_is_make_before_break() =>
        Assert.Equal(["Cluster", "ClusterLoadAssignment", "Listener", "RouteConfiguration"], ResourceTranslator.TypeUrls.Select(u => u.Split('.')[^1]));

    [Fact]
    public void An_unknown_type_is_null() =>
        Assert.Null(ResourceTranslator.Translate(Mesh.Of(s_parts), Mesh.Client(), "type.googleapis.com/envoy.config.bootstrap.v3.Bootstrap", "reviews:9080"));

    [Fact]
    public void A_wildcard_means_every_visible_host_and_port()
    {
        var model = Mesh.Of([.. s_parts, Mesh.ServiceEntry("prod/hidden", "hidden.example.com", exportTo: ".")]);

        Assert.Equal(
            ["api.example.com:80", "ratings.prod.svc.cluster.local:80", "ratings.prod.svc.cluster.local:81", "reviews.default.svc.cluster.local:9080"],
            ResourceTranslator.AllNames(model, Mesh.Client(), TypeUrl.Listener));
        Assert.Equal(
            [
                "outbound|80||*.example.com", "outbound|80||api.example.com", "outbound|80||ratings.prod.svc.cluster.local",
                "outbound|81||ratings.prod.svc.cluster.local", "outbound|9080|v1|reviews.default.svc.cluster.local",
                "outbound|9080|v2|reviews.default.svc.cluster.local", "outbound|9080||reviews.default.svc.cluster.local",
            ],
            ResourceTranslator.AllNames(model, Mesh.Client(), TypeUrl.Cluster));
        Assert.Empty(ResourceTranslator.AllNames(model, Mesh.Client(), TypeUrl.Route));
        Assert.Empty(ResourceTranslator.AllNames(model, Mesh.Client(), TypeUrl.Endpoints));
    }

    [Theory]
    [InlineData(ProxyProfile.Mesh)]
    [InlineData(ProxyProfile.Grpc)]
    public void Every_name_of_a_wildcard_is_answered(object profile)
    {
        var model = Mesh.Of(s_parts);
        var proxy = Mesh.Client(profile: (ProxyProfile)profile);
        foreach (var typeUrl in ResourceTranslator.TypeUrls)
        {
            Assert.All(ResourceTranslator.AllNames(model, proxy, typeUrl), name => Assert.NotNull(ResourceTranslator.Translate(model, proxy, typeUrl, name)));
        }
    }

    [Fact]
    public void Order_of_input_never_shows()
    {
        var expected = Everything(s_parts);

        Prop.ForAll<int>(seed => Everything(Shuffled(seed)).SequenceEqual(expected)).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void No_name_makes_it_fail()
    {
        var model = Mesh.Of(s_parts);

        Prop.ForAll<string?>(name =>
        {
            foreach (var typeUrl in ResourceTranslator.TypeUrls)
            {
                ResourceTranslator.Translate(model, Mesh.Client(), typeUrl, name ?? "");
                ResourceTranslator.Translate(model, Mesh.Client(), typeUrl, "xds.istio.io/grpc/lds/inbound/" + name);
                ResourceTranslator.Translate(model, Mesh.Client(), typeUrl, $"outbound|9080|{name}|reviews.default.svc.cluster.local");
                ResourceTranslator.Translate(model, Mesh.Client(), typeUrl, name + ":9080");
            }
        }).QuickCheckThrowOnFailure();
    }

    /// <summary>All resources of all types and both profiles, as text of their bytes.</summary>
    private static List<string> Everything(object[] parts)
    {
        var model = Mesh.Of(parts);
        var names = ResourceTranslator.AllNames(model, Mesh.Client(), TypeUrl.Cluster)
            .Concat(ResourceTranslator.AllNames(model, Mesh.Client(), TypeUrl.Listener))
            .Append("xds.istio.io/grpc/lds/inbound/0.0.0.0:9080");
        return
        [
            .. from name in names
               from typeUrl in ResourceTranslator.TypeUrls
               from profile in new[] { ProxyProfile.Mesh, ProxyProfile.Grpc }
               select $"{profile} {typeUrl} {name} {ResourceTranslator.Translate(model, Mesh.Client(labels: "app=reviews", profile: profile), typeUrl, name)?.Bytes.ToBase64()}",
        ];
    }

    private static object[] Shuffled(int seed)
    {
        var random = new SeededRandom(seed);
        return [.. s_parts.OrderBy(_ => random.NextDouble())];
    }
}
