using System.CommandLine;
using System.Text.Json.Nodes;
using ProxylessMesh.ControlPlane.Commands;
using ProxylessMesh.FunctionalTests.Fixture;

namespace ProxylessMesh.FunctionalTests.Explain;

/// <summary>The command against a control plane that runs, compared with what calls then do.</summary>
public sealed class ExplainTests
{
    private static readonly (string, string) s_services = ("services.yaml", $"{Yaml.Service("reviews")}\n---\n{Yaml.Subsets("reviews")}\n---\n{Yaml.Service("client")}");

    private static readonly (string, string) s_routes = ("routes.yaml", Yaml.Routes(
        "reviews",
        $"{{ name: jason, match: [ {{ headers: {{ end-user: {{ exact: jason }} }} }} ], timeout: 3s, {Yaml.To("reviews", "v2")} }}",
        $"{{ name: labelled, match: [ {{ sourceLabels: {{ tier: front }} }} ], {Yaml.To("reviews", "v2")} }}",
        $"{{ name: rest, {Yaml.To("reviews", "v1")} }}"));

    [Fact]
    public async Task Tells_of_the_endpoints_that_are_registered_now()
    {
        await using var mesh = await MeshEnvironment.StartAsync(s_services, s_routes);
        var v1 = await mesh.StartWorkloadAsync("reviews", "v1");
        var v2 = await mesh.StartWorkloadAsync("reviews", "v2", configure: options => options.Workload.Locality = "eu/eu-1/a");

        var rest = await ExplainAsync(mesh, "GET", "http://reviews:9080/", "--from", "client");
        var jason = await ExplainAsync(mesh, "GET", "http://reviews:9080/", "-H", "end-user: jason", "--from", "client");

        Assert.Equal("rest", (string?)rest["route"]);
        Assert.Equal("header end-user is absent, not \"jason\"", (string?)rest["passedOver"]![0]!["reason"]);
        Assert.Equal(
            $$"""[{"address":"{{v1.EndPoint}}","health":"healthy","priority":0,"locality":"no locality","weight":1,"tls":"mutual TLS of the mesh"}]""",
            rest["clusters"]![0]!["endpoints"]!.ToJsonString());
        Assert.Equal(("jason", "3 s"), ((string?)jason["route"], (string?)jason["timeout"]));
        Assert.Equal((v2.EndPoint.ToString(), "eu/eu-1/a"), ((string?)jason["clusters"]![0]!["endpoints"]![0]!["address"], (string?)jason["clusters"]![0]!["endpoints"]![0]!["locality"]));
    }

    [Fact]
    public async Task The_caller_is_the_workload_that_registered_by_this_name()
    {
        await using var mesh = await MeshEnvironment.StartAsync(s_services, s_routes);
        await mesh.StartWorkloadAsync("shop", configure: options => options.Workload.Labels["tier"] = "front");
        Assert.Equal(0, mesh.Plane.Registry.Current.Count(w => w.Name == "client"));

        Assert.Equal("labelled", (string?)(await ExplainAsync(mesh, "GET", "http://reviews:9080/", "--from", "shop-v1"))["route"]);
        Assert.Equal("labelled", (string?)(await ExplainAsync(mesh, "GET", "http://reviews:9080/", "--from", "shop"))["route"]);
        Assert.Equal("rest", (string?)(await ExplainAsync(mesh, "GET", "http://reviews:9080/", "--from", "other"))["route"]);
        Assert.Equal("rest", (string?)(await ExplainAsync(mesh, "GET", "http://reviews.default:9080/", "--from", "shop.other"))["route"]);
        Assert.Equal("labelled", (string?)(await ExplainAsync(mesh, "GET", "http://reviews:9080/", "--from", "other", "-l", "tier=front"))["route"]);
        Assert.Single(mesh.Plane.Registry.Current);
    }

    [Fact]
    public async Task A_folder_and_a_control_plane_give_the_same_text()
    {
        await using var mesh = await MeshEnvironment.StartAsync(s_services, s_routes);
        string[] call = ["explain", "GET", "http://reviews:9080/", "--from", "client"];

        var live = await RunAsync([.. call, "--xds-address", mesh.Plane.XdsEndPoint!.ToString()]);
        var folder = await RunAsync([.. call, "--config", mesh.PathOf("config")]);

        Assert.Equal(folder, live);
        Assert.Contains("route               rest", live.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Asks_over_TLS_as_whom_the_token_proves()
    {
        await using var mesh = await MeshEnvironment.StartAsync(s_services, s_routes);
        await using var token = await mesh.StartClientAsync();
        string[] secure = ["--xds-address", mesh.Secure.Authority, "--root-cert", mesh.RootCertificateFile, "--token", mesh.PathOf("default-client.token")];

        var (exit, output, _) = await RunAsync(["explain", "GET", "http://reviews:9080/", "--from", "client", .. secure]);
        var other = await RunAsync(["explain", "GET", "http://reviews.default:9080/", "--from", "client.prod", .. secure]);

        Assert.Equal(0, exit);
        Assert.Contains("route               rest", output, StringComparison.Ordinal);
        Assert.Equal((1, ""), (other.Exit, other.Output));
        Assert.Contains("may not act for namespace prod", other.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_hosts_and_control_planes_that_are_not_there_are_told_apart()
    {
        await using var mesh = await MeshEnvironment.StartAsync(s_services, s_routes);

        Assert.Contains("unknown:80 is not known to the mesh", (string?)(await ExplainAsync(mesh, "GET", "http://unknown/", "--from", "client"))["result"], StringComparison.Ordinal);
        var nobody = await RunAsync(["explain", "GET", "http://reviews:9080/", "--from", "client", "--xds-address", $"127.0.0.1:{FreePort.Next()}"]);

        Assert.Equal((1, ""), (nobody.Exit, nobody.Output));
        Assert.Contains("cannot be reached", nobody.Error, StringComparison.Ordinal);
    }

    private static async Task<JsonNode> ExplainAsync(MeshEnvironment mesh, params string[] args)
    {
        var (exit, output, error) = await RunAsync(["explain", .. args, "--xds-address", mesh.Plane.XdsEndPoint!.ToString(), "-o", "json"]);
        Assert.Equal((0, ""), (exit, error));
        return JsonNode.Parse(output)!;
    }

    private static async Task<(int Exit, string Output, string Error)> RunAsync(string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var exit = await MeshCommand.RunAsync(args, TimeProvider.System, new InvocationConfiguration { Output = output, Error = error }, CancellationToken.None);
        return (exit, output.ToString(), error.ToString());
    }
}
