using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Tests.Model;

public class DestinationRuleIndexTests
{
    private const string Host = "reviews.prod.svc.cluster.local";

    [Theory]
    [InlineData("client", "client")]
    [InlineData("other", "prod")]
    [InlineData("prod", "prod")]
    public void The_clients_namespace_goes_before_the_services_before_the_root(string clientNamespace, string expected)
    {
        var model = Mesh.Of(Mesh.Service("prod/reviews"), Rule("client/a"), Rule("prod/a"), Rule("istio-system/a"));

        Assert.Equal(expected, Found(model, clientNamespace));
    }

    [Fact]
    public void The_root_namespace_is_the_last_resort() =>
        Assert.Equal("istio-system", Found(Mesh.Of(Mesh.Service("prod/reviews"), Rule("istio-system/a")), "other"));

    [Fact]
    public void A_rule_in_a_fourth_namespace_is_nobodys() =>
        Assert.Null(Found(Mesh.Of(Mesh.Service("prod/reviews"), Rule("elsewhere/a")), "other"));

    [Theory]
    [InlineData(".", "istio-system")]
    [InlineData("*", "prod")]
    [InlineData("", "prod")]
    public void A_client_in_the_root_namespace_takes_only_its_private_rules_first(string exportTo, string expected)
    {
        var model = Mesh.Of(Mesh.Service("prod/reviews"), Rule("prod/a"), Rule("istio-system/a", exportTo));

        Assert.Equal(expected, Found(model, "istio-system"));
    }

    [Theory]
    [InlineData(".", null)]
    [InlineData("someone", null)]
    [InlineData("other", "prod")]
    [InlineData("*", "prod")]
    public void A_rule_counts_only_for_those_it_is_exported_to(string exportTo, string? expected) =>
        Assert.Equal(expected, Found(Mesh.Of(Mesh.Service("prod/reviews"), Rule("prod/a", exportTo: exportTo)), "other"));

    [Fact]
    public void The_most_specific_host_of_a_namespace_wins()
    {
        var model = Mesh.Of(
            Mesh.Service("prod/reviews"),
            Mesh.DestinationRule("prod/wide@1", "*.svc.cluster.local", subsets: Mesh.Subset("wide", "a=b")),
            Mesh.DestinationRule("prod/narrow@2", "*.prod.svc.cluster.local", subsets: Mesh.Subset("narrow", "a=b")),
            Mesh.DestinationRule("prod/exact@3", "reviews", subsets: Mesh.Subset("exact", "a=b")));

        Assert.Equal(["exact"], Find(model, "other")!.SubsetNames);
    }

    [Fact]
    public void Rules_of_one_host_merge_their_subsets_and_the_first_policy_wins()
    {
        var model = Mesh.Of(
            Mesh.Service("prod/reviews"),
            Mesh.DestinationRule("prod/third@3", "reviews", Mesh.Policy(SimpleLoadBalancer.Random), subsets: Mesh.Subset("v3", "version=v3")),
            Mesh.DestinationRule("prod/first@1", Host, subsets: Mesh.Subset("v1", "version=v1")),
            Mesh.DestinationRule("prod/second@2", "reviews", Mesh.Policy(SimpleLoadBalancer.RoundRobin), "", Mesh.Subset("v1", "version=other"), Mesh.Subset("v2", "version=v2")));

        var merged = Find(model, "other")!;

        Assert.Equal(["v1", "v2", "v3"], merged.SubsetNames);
        Assert.Equal("v1", merged.FindSubset("v1")!.Labels.Find("version"));
        Assert.Equal(SimpleLoadBalancer.RoundRobin, merged.Policy!.LoadBalancer!.Simple);
    }

    [Fact]
    public void Rules_that_others_see_stay_apart()
    {
        var model = Mesh.Of(
            Mesh.Service("prod/reviews"),
            Mesh.DestinationRule("prod/a@1", "reviews", exportTo: "one", subsets: Mesh.Subset("one", "a=b")),
            Mesh.DestinationRule("prod/b@2", "reviews", exportTo: "two", subsets: Mesh.Subset("two", "a=b")));

        Assert.Equal(["one"], Find(model, "one")!.SubsetNames);
        Assert.Equal(["two"], Find(model, "two")!.SubsetNames);
    }

    [Fact]
    public void A_rule_that_more_namespaces_see_is_merged_and_also_kept()
    {
        var model = Mesh.Of(
            Mesh.Service("prod/reviews"),
            Mesh.DestinationRule("prod/a@1", "reviews", exportTo: "one", subsets: Mesh.Subset("a", "a=b")),
            Mesh.DestinationRule("prod/b@2", "reviews", exportTo: "one,two", subsets: Mesh.Subset("b", "a=b")));

        Assert.Equal(["a", "b"], Find(model, "one")!.SubsetNames);
        Assert.Equal(["b"], Find(model, "two")!.SubsetNames);
    }

    private static DestinationRule Rule(string id, string exportTo = "") =>
        Mesh.DestinationRule(id, Host, exportTo: exportTo, subsets: Mesh.Subset(id.Split('/')[0], "a=b"));

    private static MergedDestinationRule? Find(MeshModel model, string clientNamespace) =>
        model.DestinationRules.Find(model.Services.Find(Host, clientNamespace)!, clientNamespace);

    private static string? Found(MeshModel model, string clientNamespace) => Find(model, clientNamespace)?.SubsetNames.Single();
}
