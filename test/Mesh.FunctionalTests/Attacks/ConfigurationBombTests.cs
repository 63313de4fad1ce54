using System.Text;
using ProxylessMesh.FunctionalTests.Fixture;

namespace ProxylessMesh.FunctionalTests.Attacks;

/// <summary>Files that would cost a careless reader all its memory or time: each is refused for itself, and the mesh goes on.</summary>
public sealed class ConfigurationBombTests
{
    private const string Url = "http://reviews:9080/";

    [Fact]
    public async Task A_folder_of_bombs_costs_each_bomb_its_object_and_nobody_else_anything()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", $"{Yaml.Service("reviews")}\n---\n{Yaml.Service("other")}"));
        await mesh.StartWorkloadAsync("reviews");
        var client = await mesh.StartClientAsync();
        await client.UntilAsync(Url, _ => true);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        mesh.Write("laughs.yaml", Laughs());
        mesh.Write("deep.yaml", $"apiVersion: v1\nkind: Service\nmetadata: {{ name: deep }}\nspec: {new string('[', 100_000)}");
        mesh.Write("huge.yaml", "# " + new string('x', 10 * 1024 * 1024));
        mesh.Write("documents.yaml", string.Concat(Enumerable.Repeat("---\na: b\n", 100_000)));
        mesh.Write("regex.yaml", Route("regex", """{ match: [ { uri: { regex: "(a+)+$" } } ], route: [ { destination: { host: other } } ] }"""));
        mesh.Write("automaton.yaml", Route("automaton", """{ match: [ { uri: { regex: "(a|b)*a(a|b){500}(a|b){500}" } } ], route: [ { destination: { host: other } } ] }"""));
        mesh.Write("routes.yaml", Route("routes", string.Join("\n  - ", Enumerable.Repeat("{ route: [ { destination: { host: other } } ] }", 100_000))));
        mesh.Write("circle.yaml", Delegate("circle-a", "circle-b") + "\n---\n" + Delegate("circle-b", "circle-a"));
        mesh.Write("self.yaml", Delegate("self", "self"));

        // Written last, taken like any other.
        mesh.Write("last.yaml", Yaml.Routes("reviews", "{ match: [ { uri: { prefix: /blocked } } ], directResponse: { status: 418 } }", "{ route: [ { destination: { host: reviews } } ] }"));
        using var last = await client.UntilAsync(Url + "blocked", 418);
        Assert.Equal("reviews-v1", (await client.AskAsync(Url)).Workload);

        await Poll.UntilAsync(() => Task.FromResult(Refused(mesh).Count() >= 7), () => "refused: " + string.Join(", ", Refused(mesh)));
        Assert.Subset(Refused(mesh).ToHashSet(), new HashSet<string> { "laughs", "deep", "huge", "documents", "automaton", "routes" });
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 128 * 1024 * 1024);
    }

    private static IEnumerable<string> Refused(MeshEnvironment mesh) =>
        from bomb in new[] { "laughs", "deep", "huge", "documents", "regex", "automaton", "routes", "circle", "self" }
        where mesh.Logs.Entries.Any(e => e.Text.Contains($"{bomb}.yaml", StringComparison.Ordinal) && e.Text.Contains("error MESH", StringComparison.Ordinal))
        select bomb;

    // Ten aliases of ten aliases, nine times: a thousand million values.
    private static string Laughs()
    {
        var text = new StringBuilder("a0: &a0 [ ha, ha, ha, ha, ha, ha, ha, ha, ha, ha ]\n");
        for (var i = 1; i < 9; i++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"a{i}: &a{i} [ {string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))} ]\n");
        }

        return text.ToString();
    }

    private static string Route(string name, string http) => $"""
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {"{"} name: {name} {"}"}
        spec:
          hosts: [ other ]
          http:
          - {http}
        """;

    private static string Delegate(string name, string to) => $"""
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {"{"} name: {name} {"}"}
        spec:
          http:
          - delegate: {"{"} name: {to} {"}"}
        """;
}
