using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Tests.Model;
using ProxylessMesh.ControlPlane.Translation;

namespace ProxylessMesh.ControlPlane.Tests.Translation;

public class EndpointTests
{
    private const string Name = "outbound|9080||reviews.default.svc.cluster.local";
    private static readonly Service s_reviews = Mesh.Service("reviews");

    [Fact]
    public void A_service_without_endpoints_has_an_empty_list()
    {
        var assignment = Translate.Endpoints(Mesh.Of(s_reviews), Mesh.Client(), Name)!;

        Assert.Equal(Name, assignment.ClusterName);
        Assert.Empty(assignment.Endpoints);
    }

    [Fact]
    public void Workloads_and_entries_of_the_namespace_are_selected_by_labels()
    {
        var model = Mesh.Of(
            Mesh.Service("reviews", "app=reviews,tier=back"),
            Mesh.Workload("both", "app=reviews,tier=back,version=v1", "10.0.0.1"),
            Mesh.Workload("one", "app=reviews", "10.0.0.2"),
            Mesh.Workload("prod/other", "app=reviews,tier=back", "10.0.0.3"),
            Mesh.WorkloadEntry("vm", Mesh.Endpoint("10.0.0.4", "app=reviews,tier=back")));

        Assert.Equal(["10.0.0.1:9080+mtls", "10.0.0.4:9080"], Addresses(model));
    }

    [Fact]
    public void A_service_without_a_selector_selects_none() =>
        Assert.Empty(Addresses(Mesh.Of(Mesh.Service("reviews", ""), Mesh.Workload("a", "app=reviews", "10.0.0.1"))));

    [Fact]
    public void A_subset_asks_for_its_labels_as_well()
    {
        var model = Mesh.Of(
            s_reviews,
            Mesh.DestinationRule("r", "reviews", subsets: Mesh.Subset("v2", "version=v2")),
            Mesh.Workload("a", "app=reviews,version=v1", "10.0.0.1"),
            Mesh.Workload("b", "app=reviews,version=v2", "10.0.0.2"));

        Assert.Equal(["10.0.0.2:9080+mtls"], Addresses(model, "outbound|9080|v2|reviews.default.svc.cluster.local"));
        Assert.Equal(2, Addresses(model).Count());
    }

    [Theory]
    [InlineData(true, true, "10.0.0.1:9080+mtls")]
    [InlineData(false, true, "10.0.0.1:9080")]
    [InlineData(true, false, "10.0.0.1:9080")]
    public void Mtls_is_only_for_who_takes_it_and_has_proved_who_it_is(bool mutualTls, bool authenticated, string expected) =>
        Assert.Equal([expected], Addresses(Mesh.Of(s_reviews, Mesh.Workload("a", "app=reviews", "10.0.0.1", mutualTls: mutualTls, authenticated: authenticated))));

    [Theory]
    [InlineData("", "reviews", "10.0.0.1:9080+mtls")]
    [InlineData("", null, "10.0.0.1:9080")]
    [InlineData(Mesh.Tls, "reviews", "10.0.0.1:9080+mtls")]
    [InlineData(Mesh.Tls, null, "10.0.0.1:9080")]
    [InlineData("security.istio.io/tlsMode=disabled", "reviews", "10.0.0.1:9080")]
    public void A_workload_entry_takes_mtls_when_it_has_a_service_account(string labels, string? account, string expected)
    {
        var model = Mesh.Of(s_reviews, Mesh.WorkloadEntry("vm", Mesh.Endpoint("10.0.0.1", $"app=reviews,{labels}", account: account)));

        Assert.Equal([expected], Addresses(model));
    }

    [Theory]
    [InlineData(MutualTlsMode.Disable, "10.0.0.1:7000")]
    [InlineData(MutualTlsMode.Permissive, "10.0.0.1:7000+mtls")]
    [InlineData(MutualTlsMode.Strict, "10.0.0.1:7000+mtls")]
    public void Where_mtls_is_disabled_callers_speak_plaintext(object mode, string expected)
    {
        var model = Mesh.Of(
            s_reviews,
            Mesh.Workload("a", "app=reviews", "10.0.0.1", "http=7000"),
            Mesh.PeerAuthentication("p", MutualTlsMode.Unset, "app=reviews", (7000, (MutualTlsMode)mode)));

        Assert.Equal([expected], Addresses(model));
    }

    [Fact]
    public void A_workload_that_does_not_listen_is_left_out() =>
        Assert.Empty(Addresses(Mesh.Of(s_reviews, Mesh.Workload("a", "app=reviews", "10.0.0.1", ports: ""))));

    [Theory]
    [InlineData("vm.example.com")]
    [InlineData("unix:///run/app.sock")]
    [InlineData("")]
    public void An_address_that_eds_cannot_hold_is_left_out(string address) =>
        Assert.Empty(Addresses(Mesh.Of(s_reviews, Mesh.WorkloadEntry("vm", Mesh.Endpoint(address, "app=reviews")))));

    [Fact]
    public void Each_locality_is_one_group_in_order_with_its_weight()
    {
        var model = Mesh.Of(
            s_reviews,
            Mesh.WorkloadEntry("c", Mesh.Endpoint("10.0.0.3", "app=reviews", locality: "us/b/", weight: 3)),
            Mesh.WorkloadEntry("b", Mesh.Endpoint("10.0.0.2", "app=reviews", locality: "us/a/x", weight: 2)),
            Mesh.Workload("a", "app=reviews", "10.0.0.1", locality: "us/b/"));
        var groups = Translate.Endpoints(model, Mesh.Client(), Name)!.Endpoints;

        Assert.Equal(["us a x 2", "us b  4"], groups.Select(g => $"{g.Locality.Region} {g.Locality.Zone} {g.Locality.SubZone} {g.LoadBalancingWeight}"));
        Assert.Equal([1u, 3u], groups[1].LbEndpoints.Select(e => e.LoadBalancingWeight!.Value));
    }

    [Fact]
    public void Weights_never_overflow()
    {
        var model = Mesh.Of(
            s_reviews,
            Mesh.WorkloadEntry("a", Mesh.Endpoint("10.0.0.1", "app=reviews", weight: uint.MaxValue)),
            Mesh.WorkloadEntry("b", Mesh.Endpoint("10.0.0.2", "app=reviews", weight: uint.MaxValue)),
            Mesh.WorkloadEntry("c", Mesh.Endpoint("10.0.0.3", "app=reviews", weight: 1)));
        var group = Assert.Single(Translate.Endpoints(model, Mesh.Client(), Name)!.Endpoints);

        Assert.Equal(group.LoadBalancingWeight!.Value, (uint)group.LbEndpoints.Sum(e => e.LoadBalancingWeight!.Value));
        Assert.Equal(1u, group.LbEndpoints[2].LoadBalancingWeight);
    }

    [Fact]
    public void An_address_stands_once_and_the_proven_workload_keeps_it()
    {
        var model = Mesh.Of(
            s_reviews,
            Mesh.Workload("a-thief", "app=reviews", "10.0.0.1", authenticated: false),
            Mesh.Workload("owner", "app=reviews", "10.0.0.1"),
            Mesh.WorkloadEntry("vm6", Mesh.Endpoint("0:0:0:0:0:0:0:1", "app=reviews")),
            Mesh.WorkloadEntry("vm6-again", Mesh.Endpoint("::1", "app=reviews")));

        Assert.Equal(["10.0.0.1:9080+mtls", "::1:9080"], Addresses(model));
    }

    [Fact]
    public void A_service_entry_lists_or_selects_its_endpoints()
    {
        var model = Mesh.Of(
            Mesh.ServiceEntry("listed", "listed.example.com", endpoints: [Mesh.Endpoint("10.0.0.2"), Mesh.Endpoint("10.0.0.1", ports: "http=81")]),
            Mesh.ServiceEntry("selected", "selected.example.com", location: ServiceEntryLocation.MeshInternal, selector: "app=vm"),
            Mesh.WorkloadEntry("vm", Mesh.Endpoint("10.0.0.3", "app=vm", account: "vm")));

        Assert.Equal(["10.0.0.1:81", "10.0.0.2:80"], Addresses(model, "outbound|80||listed.example.com"));
        Assert.Equal(["10.0.0.3:80+mtls"], Addresses(model, "outbound|80||selected.example.com"));
    }

    [Fact]
    public void Grpc_is_sent_eds_even_for_names()
    {
        var model = Mesh.Of(Mesh.ServiceEntry("e", "api.example.com", ServiceEntryResolution.Dns));

        Assert.Empty(Translate.Endpoints(model, Mesh.Client(profile: ProxyProfile.Grpc), "outbound|80||api.example.com")!.Endpoints);
    }

    private static IEnumerable<string> Addresses(MeshModel model, string name = Name) => Translate.Addresses(Translate.Endpoints(model, Mesh.Client(), name));
}
