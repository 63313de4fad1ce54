using ProxylessMesh.FunctionalTests.Fixture;

namespace ProxylessMesh.FunctionalTests.EndToEnd;

public sealed class RoutingTests
{
    private const string Url = "http://reviews:9080/";

    private static string Services => $"{Yaml.Service("reviews")}\n---\n{Yaml.Subsets("reviews")}";

    [Fact]
    public async Task Header_and_path_conditions_choose_the_subset()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", Services), ("routes.yaml", Yaml.Routes(
            "reviews",
            $"{{ match: [ {{ headers: {{ end-user: {{ exact: jason }} }} }} ], {Yaml.To("reviews", "v2")} }}",
            $"{{ match: [ {{ headers: {{ x-group: {{ prefix: beta- }} }} }} ], {Yaml.To("reviews", "v2")} }}",
            $"{{ match: [ {{ headers: {{ x-build: {{ regex: \"[0-9]+\\\\.[0-9]+\" }} }} }} ], {Yaml.To("reviews", "v2")} }}",
            $"{{ match: [ {{ uri: {{ prefix: /next/ }} }} ], {Yaml.To("reviews", "v2")} }}",
            $"{{ {Yaml.To("reviews", "v1")} }}")));
        await mesh.StartWorkloadAsync("reviews", "v1");
        await mesh.StartWorkloadAsync("reviews", "v2");
        var client = await mesh.StartClientAsync();
        await client.UntilAsync(Url, a => a.Workload == "reviews-v1");
        await client.UntilAsync($"{Url}next/", a => a.Workload == "reviews-v2");
        (string Path, string Header, string Value, string Expected)[] cases =
        [
            ("", "end-user", "jason", "v2"),
            ("", "end-user", "Jason", "v1"),
            ("", "end-user", "jasons", "v1"),
            ("", "END-USER", "jason", "v2"),
            ("", "x-group", "beta-1", "v2"),
            ("", "x-group", "alpha-beta-1", "v1"),
            ("", "x-build", "12.4", "v2"),
            ("", "x-build", "12.4-rc", "v1"),
            ("next/page", "x-other", "1", "v2"),
            ("nextpage", "x-other", "1", "v1"),
        ];

        foreach (var (path, header, value, expected) in cases)
        {
            Assert.Equal($"{header}={value} reviews-{expected}", $"{header}={value} {(await client.AskAsync(Url + path, (header, value))).Workload}");
        }
    }

    [Fact]
    public async Task Weights_split_the_calls()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", Services), ("routes.yaml", Yaml.Split("reviews", 80, 20)));
        await mesh.StartWorkloadAsync("reviews", "v1");
        await mesh.StartWorkloadAsync("reviews", "v2");
        var client = await mesh.StartClientAsync();
        await client.UntilAllAnswerAsync(Url, "reviews-v1", "reviews-v2");

        var counts = await client.CountAsync(Url, 400);

        // Six standard deviations around 80: a failure by chance would take longer than the age of the project.
        Assert.InRange(counts["reviews-v2"], 32, 128);
    }

    [Fact]
    public async Task An_edit_moves_the_calls_while_they_run_and_none_fails()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", Services), ("routes.yaml", Yaml.Split("reviews", 100, 0)));
        await mesh.StartWorkloadAsync("reviews", "v1");
        await mesh.StartWorkloadAsync("reviews", "v2");
        var client = await mesh.StartClientAsync();
        await client.UntilAsync(Url, a => a.Workload == "reviews-v1");
        await using var load = new Load(client, Url);

        for (var i = 0; i < 4; i++)
        {
            var (subset, weight) = i % 2 == 0 ? ("v2", 0) : ("v1", 100);
            mesh.Write("routes.yaml", Yaml.Split("reviews", weight, 100 - weight));
            await client.UntilAsync(Url, a => a.Workload == $"reviews-{subset}");
            Assert.Equal([$"reviews-{subset}"], (await client.CountAsync(Url, 20)).Keys);
        }

        await load.MoreAsync(100);
        Assert.Empty(load.Failures);
    }
}
