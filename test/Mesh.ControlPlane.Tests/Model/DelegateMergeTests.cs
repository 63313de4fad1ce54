using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Tests.Model;

/// <summary>Istio, VirtualService: Delegate.</summary>
public class DelegateMergeTests
{
    [Fact]
    public void The_delegates_routes_stand_in_the_roots_place_with_both_matches_and_names()
    {
        var routes = Resolve(
            [Root(Mesh.Match("m", uri: Mesh.Prefix("/api"), headers: [Mesh.Named("a", Mesh.Exact("1"))]))],
            Leaf("users", Mesh.Match("l", uri: Mesh.Prefix("/api/users"), method: Mesh.Exact("GET")), Mesh.Match(uri: Mesh.Exact("/other"))),
            Leaf("rest"));

        Assert.Equal(["root-users", "root-rest"], routes.Select(r => r.Name));
        var match = Assert.Single(routes[0].Matches);
        Assert.Equal(("m-l", "/api/users", "GET"), (match.Name, match.Uri!.Value, match.Method!.Value));
        Assert.Equal("a", Assert.Single(match.Headers).Name);
        Assert.Equal("/api", Assert.Single(routes[1].Matches).Uri!.Value);
        Assert.All(routes, r => Assert.Equal("teams", r.Owner));
    }

    [Fact]
    public void The_root_says_what_its_delegate_does_not()
    {
        var root = Root() with { Timeout = TimeSpan.FromSeconds(1), Rewrite = new HttpRewrite("/r", null, null, "") };
        var routes = Resolve([root], Leaf("own") with { Timeout = TimeSpan.FromSeconds(2) }, Leaf("none"));

        Assert.Equal([TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1)], routes.Select(r => r.Timeout!.Value));
        Assert.All(routes, r => Assert.Equal("/r", r.Rewrite!.Uri));
    }

    [Fact]
    public void A_delegate_that_is_missing_or_not_exported_takes_only_its_route_away()
    {
        var other = Mesh.Route("reviews", "other");
        Assert.Equal(["other"], Merge([Root(), other], []).Select(r => r.Name));
        Assert.Equal(["other"], Merge([Root(), other], [Delegate(".", Leaf("leaf"))]).Select(r => r.Name));
        Assert.Equal(["root-leaf", "other"], Merge([Root(), other], [Delegate("default", Leaf("leaf"))]).Select(r => r.Name));
    }

    public static TheoryData<string, bool> Pairs => new()
    {
        { "exact /a, exact /a", false },
        { "exact /a, exact /b", true },
        { "exact /a, prefix /a", true },
        { "prefix /a, exact /ab", false },
        { "prefix /a, prefix /a/b", false },
        { "prefix /a/b, prefix /a", true },
        { "regex /a, exact /a", true },
        { "prefix /a, regex /a.*", true },
        { "none, regex /a.*", false },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Paths_that_may_contradict_each_other_are_conflicts(string pair, bool conflict)
    {
        var sides = pair.Split(", ").Select(Predicate).ToList();

        Assert.Equal(conflict, DelegateConflicts.Between(Mesh.Match(uri: sides[0]), Mesh.Match(uri: sides[1])));
        Assert.Equal(conflict, DelegateConflicts.Between(Mesh.Match(headers: [Mesh.Named("h", sides[0])]), Mesh.Match(headers: [Mesh.Named("h", sides[1])])));
    }

    [Fact]
    public void Other_contradictions()
    {
        Assert.True(DelegateConflicts.Between(Mesh.Match(port: 80), Mesh.Match(port: 81)));
        Assert.False(DelegateConflicts.Between(Mesh.Match(port: 80), Mesh.Match()));
        Assert.True(DelegateConflicts.Between(Mesh.Match(ignoreCase: true), Mesh.Match()));
        Assert.True(DelegateConflicts.Between(Mesh.Match(sourceNamespace: "a"), Mesh.Match(sourceNamespace: "b")));
        Assert.True(DelegateConflicts.Between(Mesh.Match(sourceLabels: "a=1"), Mesh.Match(sourceLabels: "a=2")));
        Assert.False(DelegateConflicts.Between(Mesh.Match(sourceLabels: "a=1"), Mesh.Match(sourceLabels: "b=2")));
    }

    [Fact]
    public void A_route_none_of_whose_matches_fits_is_left_out() =>
        Assert.Empty(Resolve([Root(Mesh.Match(uri: Mesh.Prefix("/a")))], Leaf("leaf", Mesh.Match(uri: Mesh.Prefix("/b")))));

    private static StringPredicate? Predicate(string text) => text.Split(' ') switch
    {
        ["exact", var value] => Mesh.Exact(value),
        ["prefix", var value] => Mesh.Prefix(value),
        ["regex", var value] => Mesh.Regex(value),
        _ => null,
    };

    private static List<HttpRoute> Resolve(HttpRoute[] root, params HttpRoute[] leaves) => Merge(root, [Delegate("*", leaves)]);

    private static List<HttpRoute> Merge(HttpRoute[] root, VirtualService[] delegates)
    {
        var services = DelegateMerge.Resolve(delegates.Prepend(Mesh.VirtualService("reviews", "reviews", http: root)));
        return [.. Assert.Single(services).Http];
    }

    private static VirtualService Delegate(string exportTo, params HttpRoute[] routes) => Mesh.VirtualService("teams/users", "", exportTo, http: routes);

    private static HttpRoute Root(params HttpMatch[] matches) =>
        Mesh.Route("reviews", "root", matches: matches) with { Destinations = [], Delegate = new DelegateReference("users", "teams", Mesh.At) };

    private static HttpRoute Leaf(string name, params HttpMatch[] matches) => Mesh.Route("users", name, matches: matches);
}
