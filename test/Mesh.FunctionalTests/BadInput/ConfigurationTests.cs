using System.Text.RegularExpressions;
using ProxylessMesh.FunctionalTests.Fixture;

namespace ProxylessMesh.FunctionalTests.BadInput;

/// <summary>Each mistake in a file is named by file and line, and the traffic goes on with the last good configuration.</summary>
public sealed class ConfigurationTests
{
    private const string Url = "http://reviews:9080/";

    public static TheoryData<string, string, string> Mistakes => new()
    {
        {
            "unknown field",
            Yaml.Routes("reviews", $"{{ {Yaml.To("reviews", "v2")}, retires: {{ attempts: 3 }} }}"),
            @"bad\.yaml:7:\d+ error MESH1011 VirtualService default/reviews: .*retires"
        },
        {
            "wrong type",
            Yaml.Routes("reviews", $"{{ {Yaml.To("reviews", "v2")}, timeout: [ 1 ] }}"),
            @"bad\.yaml:7:\d+ error MESH1014 VirtualService default/reviews: spec\.http\[0\]\.timeout"
        },
        {
            "no duration",
            Yaml.Routes("reviews", $"{{ {Yaml.To("reviews", "v2")}, timeout: soon }}"),
            @"bad\.yaml:7:\d+ error MESH101\d VirtualService default/reviews: spec\.http\[0\]\.timeout.*soon"
        },
        {
            "unknown kind",
            Yaml.Routes("reviews", $"{{ {Yaml.To("reviews", "v2")} }}").Replace("VirtualService", "VirtualServce", StringComparison.Ordinal),
            @"bad\.yaml:2:\d+ error MESH100\d .*VirtualServce"
        },
        {
            "duplicate name",
            $"{Yaml.Routes("reviews", $"{{ {Yaml.To("reviews", "v1")} }}")}\n---\n{Yaml.Routes("reviews", $"{{ {Yaml.To("reviews", "v2")} }}")}",
            @"bad\.yaml:\d+:\d+ error MESH1009 VirtualService default/reviews"
        },
        {
            "missing subset",
            Yaml.Routes("reviews", $"{{ {Yaml.To("reviews", "v3")} }}"),
            @"bad\.yaml:7:\d+ error MESH1007 VirtualService default/reviews: spec\.http\[0\]\.route\[0\]\.destination\.subset ""v3"" is not a subset of DestinationRule default/reviews \(has v1, v2\)"
        },
        {
            "missing service",
            Yaml.Routes("reviews", "{ route: [ { destination: { host: reveiws } } ] }"),
            @"bad\.yaml:7:\d+ error MESH1008 VirtualService default/reviews: .*reveiws"
        },
        {
            "invalid regex",
            Yaml.Routes("reviews", $"{{ match: [ {{ uri: {{ regex: \"(\" }} }} ], {Yaml.To("reviews", "v2")} }}"),
            @"bad\.yaml:7:\d+ error MESH1017 VirtualService default/reviews: spec\.http\[0\]\.match\[0\]\.uri\.regex"
        },
        {
            "half-written file",
            Yaml.Routes("reviews", $"{{ {Yaml.To("reviews", "v2")} }}")[..^30],
            @"bad\.yaml:\d+:\d+ error MESH1001 not valid YAML"
        },
        {
            "no YAML at all",
            "\0\u0001\u0002 garbage",
            @"bad\.yaml:\d+:\d+ error MESH100\d"
        },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task A_mistake_is_named_and_changes_nothing(string mistake, string content, string expected)
    {
        var good = Yaml.Routes("reviews", $"{{ {Yaml.To("reviews", "v1")} }}");
        await using var mesh = await MeshEnvironment.StartAsync(
            ("services.yaml", $"{Yaml.Service("reviews")}\n---\n{Yaml.Subsets("reviews")}\n---\n{Yaml.Service("other")}"), ("bad.yaml", good));
        await mesh.StartWorkloadAsync("reviews", "v1");
        await mesh.StartWorkloadAsync("reviews", "v2");
        var client = await mesh.StartClientAsync();
        await client.UntilAsync(Url, a => a.Workload == "reviews-v1");
        await using var load = new Load(client, Url);

        mesh.Write("bad.yaml", content);
        mesh.Write("later.yaml", Yaml.Routes("other", "{ match: [ { uri: { exact: /only } } ], route: [ { destination: { host: other } } ] }"));

        // That the later file is in force shows that the bad one was seen.
        (await client.UntilAsync("http://other:9080/", 404)).Dispose();
        Assert.Contains(mesh.Plane.Config.Problems, p => Regex.IsMatch(p.ToString(), expected));
        Assert.Contains(mesh.Logs.Entries, e => Regex.IsMatch(e.Text, expected));
        Assert.Equal(["reviews-v1"], (await client.CountAsync(Url, 20)).Keys);

        mesh.Write("bad.yaml", good.Replace("v1 }", "v2 }", StringComparison.Ordinal));
        await client.UntilAsync(Url, a => a.Workload == "reviews-v2");
        Assert.Empty(mesh.Plane.Config.Problems);
        await load.MoreAsync(20);
        Assert.True(load.Failures.Count == 0, $"{mistake}: {string.Join("\n", load.Failures)}");
    }

    [Fact]
    public async Task A_control_plane_that_starts_with_a_bad_file_serves_the_good_ones()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", Yaml.Service("reviews")), ("bad.yaml", "kind: ["));
        await mesh.StartWorkloadAsync("reviews");
        var client = await mesh.StartClientAsync();

        Assert.Equal("reviews-v1", (await client.UntilAsync(Url, _ => true)).Workload);
        Assert.StartsWith("bad.yaml:", Assert.Single(mesh.Plane.Config.Problems).ToString(), StringComparison.Ordinal);
    }
}
