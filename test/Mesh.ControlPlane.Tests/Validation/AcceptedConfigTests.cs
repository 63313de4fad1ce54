using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Sources.Files;
using ProxylessMesh.ControlPlane.Tests.Resources;
using ProxylessMesh.ControlPlane.Validation;

namespace ProxylessMesh.ControlPlane.Tests.Validation;

public class AcceptedConfigTests
{
    private const string Service = "{apiVersion: v1, kind: Service, metadata: {name: reviews}, spec: {ports: [{port: 80}]}}";
    private const string Broken = "a: [";
    private const string Nameless = "{apiVersion: security.istio.io/v1, kind: PeerAuthentication, metadata: {nam: strict}, spec: {}}";

    [Fact]
    public void A_bad_object_keeps_its_last_good_version_while_the_rest_of_the_file_moves_on()
    {
        var first = Accept(AcceptedConfig.Empty, ("a.yaml", Docs(Service, Rule("v1"), Route("v1"))));
        var second = Accept(first, ("a.yaml", Docs(Service, Rule("v1", "v2"), Route("v1", weight: "x"))));

        Assert.Equal("v1", SubsetOfRoute(second));
        Assert.Equal(2, Find<DestinationRule>(second, "rule")!.Subsets.Count);
        Assert.Equal([ProblemCodes.WrongType], Codes(second));
    }

    [Fact]
    public void A_bad_object_without_a_good_version_is_left_out() =>
        Assert.Null(Find<VirtualService>(Accept(AcceptedConfig.Empty, ("a.yaml", Docs(Service, Route("v1", weight: "x")))), "route"));

    [Fact]
    public void A_file_that_does_not_parse_keeps_its_objects_and_a_file_that_is_gone_does_not()
    {
        var first = Accept(AcceptedConfig.Empty, ("a.yaml", Service), ("b.yaml", Strict("strict")));

        var broken = Accept(first, ("a.yaml", Service), ("b.yaml", Broken));
        Assert.NotNull(Find<PeerAuthentication>(broken, "strict"));
        Assert.Equal([ProblemCodes.Syntax], Codes(broken));

        Assert.Null(Find<PeerAuthentication>(Accept(broken, ("a.yaml", Service)), "strict"));
    }

    [Fact]
    public void An_object_that_lost_its_name_to_a_mistake_is_not_taken_as_deleted()
    {
        var first = Accept(AcceptedConfig.Empty, ("a.yaml", Strict("strict")));

        var typing = Accept(first, ("a.yaml", Nameless));
        Assert.NotNull(Find<PeerAuthentication>(typing, "strict"));

        Assert.Null(Find<PeerAuthentication>(Accept(typing, ("a.yaml", Service)), "strict"));
    }

    [Fact]
    public void Of_two_files_with_the_same_object_the_first_in_path_order_counts()
    {
        var config = Accept(AcceptedConfig.Empty, ("a.yaml", Docs(Service, Rule("v1"))), ("b.yaml", "\n" + Rule("v2")));

        Assert.Equal("a.yaml", Find<DestinationRule>(config, "rule")!.Meta.Position.File);
        Assert.Equal(
            "b.yaml:2:1 error MESH1009 DestinationRule default/rule: the same object stands at a.yaml:2:5 already: that one is used, this one is not",
            Assert.Single(config.Snapshot.Problems).ToString().Split(Environment.NewLine)[0]);
    }

    [Fact]
    public void The_first_of_two_keeps_its_place_while_it_is_bad()
    {
        var first = Accept(AcceptedConfig.Empty, ("a.yaml", Docs(Service, Rule("v1"))), ("b.yaml", Rule("v2")));
        var second = Accept(first, ("a.yaml", Broken), ("b.yaml", Rule("v2")));

        Assert.Equal("v1", Find<DestinationRule>(second, "rule")!.Subsets[0].Name);
    }

    [Fact]
    public void A_route_to_a_missing_subset_keeps_its_last_good_version()
    {
        var first = Accept(AcceptedConfig.Empty, ("a.yaml", Docs(Service, Rule("v1", "v2"))), ("b.yaml", Route("v1")));
        var second = Accept(first, ("a.yaml", Docs(Service, Rule("v1", "v2"))), ("b.yaml", Route("v3")));

        Assert.Equal("v1", SubsetOfRoute(second));
        Assert.Equal([ProblemCodes.UnknownSubset], Codes(second));
    }

    [Fact]
    public void A_subset_that_a_route_still_needs_is_not_taken_away_under_it()
    {
        var first = Accept(AcceptedConfig.Empty, ("a.yaml", Docs(Service, Rule("v1"))), ("b.yaml", Route("v1")));

        var second = Accept(first, ("a.yaml", Docs(Service, Rule("v2"))), ("b.yaml", Route("v1")));
        Assert.Equal("v1", Find<DestinationRule>(second, "rule")!.Subsets[0].Name);
        Assert.Equal([ProblemCodes.HeldBack, ProblemCodes.UnknownSubset], Codes(second));

        var third = Accept(second, ("a.yaml", Docs(Service, Rule("v2"))), ("b.yaml", Route("v2")));
        Assert.Equal(("v2", "v2"), (SubsetOfRoute(third), Find<DestinationRule>(third, "rule")!.Subsets[0].Name));
        Assert.Empty(third.Snapshot.Problems);
    }

    [Fact]
    public void A_rename_may_come_in_either_order_of_files()
    {
        var first = Accept(AcceptedConfig.Empty, ("a.yaml", Docs(Service, Rule("v1"))), ("b.yaml", Route("v1")));

        var routeFirst = Accept(first, ("a.yaml", Docs(Service, Rule("v1"))), ("b.yaml", Route("v2")));
        Assert.Equal("v1", SubsetOfRoute(routeFirst));

        Assert.Equal("v2", SubsetOfRoute(Accept(routeFirst, ("a.yaml", Docs(Service, Rule("v2"))), ("b.yaml", Route("v2")))));
    }

    [Fact]
    public void A_deleted_rule_goes_and_its_route_stays_with_an_error()
    {
        var first = Accept(AcceptedConfig.Empty, ("a.yaml", Docs(Service, Rule("v1"))), ("b.yaml", Route("v1")));
        var second = Accept(first, ("a.yaml", Service), ("b.yaml", Route("v1")));

        Assert.Null(Find<DestinationRule>(second, "rule"));
        Assert.Equal("v1", SubsetOfRoute(second));
        Assert.Equal([ProblemCodes.UnknownSubset], Codes(second));
    }

    [Fact]
    public void The_same_files_again_change_nothing_whatever_came_before()
    {
        var random = new Random(7);
        string[] first = [Docs(Service, Rule("v1")), Docs(Service, Rule("v1", "v2")), Docs(Service, Rule("v3")), Docs(Rule("v1")), Broken, Nameless, Service];
        string[] second = [Route("v1"), Route("v2"), Route("v3"), Docs(Route("v1"), Strict("strict")), Docs(Route("v2"), Rule("v2")), Broken, Nameless, Route("v1", weight: "x")];
        var config = AcceptedConfig.Empty;
        for (var i = 0; i < 2_000; i++)
        {
            (string, string)[] files = [("a.yaml", first[random.Next(first.Length)]), ("b.yaml", second[random.Next(second.Length)])];
            config = Accept(config, files);
            var again = Accept(config, files);

            Assert.Equal(config.Snapshot.Objects.AsEnumerable(), again.Snapshot.Objects);
            Assert.Equal(config.Snapshot.Problems.AsEnumerable(), again.Snapshot.Problems);
        }
    }

    private static AcceptedConfig Accept(AcceptedConfig before, params (string Name, string Yaml)[] files) =>
        before.Next([.. files.Select(f => Reading.File(f.Yaml, f.Name))], [], new MeshSettings());

    private static string Docs(params string[] documents) => string.Join("\n--- ", documents);

    private static string Rule(params string[] subsets) =>
        $"{{apiVersion: networking.istio.io/v1, kind: DestinationRule, metadata: {{name: rule}}, spec: {{host: reviews, subsets: [{string.Join(", ", subsets.Select(s => $"{{name: {s}}}"))}]}}}}";

    private static string Route(string subset, string weight = "1") =>
        $"{{apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {{name: route}}, spec: {{hosts: [reviews], http: [{{route: [{{destination: {{host: reviews, subset: {subset}}}, weight: {weight}}}]}}]}}}}";

    private static string Strict(string name) =>
        $"{{apiVersion: security.istio.io/v1, kind: PeerAuthentication, metadata: {{name: {name}}}, spec: {{mtls: {{mode: STRICT}}}}}}";

    private static T? Find<T>(AcceptedConfig config, string name)
        where T : MeshObject => config.Snapshot.Objects.OfType<T>().SingleOrDefault(o => o.Meta.Id.Name == name);

    private static string? SubsetOfRoute(AcceptedConfig config) => Find<VirtualService>(config, "route")!.Http[0].Destinations[0].Subset;

    private static IEnumerable<string> Codes(AcceptedConfig config) => config.Snapshot.Problems.Select(p => p.Code);
}
