using System.Net;
using ProxylessMesh.FunctionalTests.Fixture;

namespace ProxylessMesh.FunctionalTests.Gateway;

/// <summary>Plaintext servers: callers of no mesh in front, mutual TLS behind.</summary>
public sealed class HttpServerTests
{
    [Fact]
    public async Task Requests_go_by_path_to_services_that_take_mutual_TLS_only()
    {
        var port = FreePort.Next();
        await using var mesh = await MeshEnvironment.StartAsync(
            ("services.yaml", $"{Yaml.Service("reviews")}\n---\n{Yaml.Service("ratings")}\n---\n{Yaml.PeerAuthentication("STRICT")}"),
            ("gateway.yaml", GatewayYaml.Http(port, "\"*.example.com\"")),
            ("routes.yaml", GatewayYaml.Routes("shop.example.com", "{ match: [ { uri: { prefix: /ratings } } ], rewrite: { uri: /r }, route: [ { destination: { host: ratings } } ] }", "{ route: [ { destination: { host: reviews } } ] }")));
        await mesh.StartWorkloadAsync("reviews");
        await mesh.StartWorkloadAsync("ratings");
        await using var gateway = await EdgeGateway.StartAsync(mesh, credentials: null, port);
        var outside = gateway.Outside(port);

        var reviews = await EdgeGateway.AskAsync(outside, $"http://shop.example.com:{port}/api");
        var ratings = await EdgeGateway.AskAsync(outside, $"http://shop.example.com:{port}/ratings/1");

        Assert.Equal(("reviews-v1", "/api"), (reviews.Workload, reviews.Path));
        Assert.Equal(("ratings-v1", "/r/1"), (ratings.Workload, ratings.Path));
        Assert.Equal("spiffe://cluster.local/ns/default/sa/ingress", reviews.Peer);
        Assert.Equal($"shop.example.com:{port}", reviews.Host);
        using var unknown = await outside.GetAsync("http://shop.example.org/");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Equal("There is nothing here\n", await unknown.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Changes_reach_the_gateway_and_bad_ones_do_not()
    {
        var port = FreePort.Next();
        await using var mesh = await MeshEnvironment.StartAsync(
            ("services.yaml", Yaml.Service("reviews")),
            ("gateway.yaml", GatewayYaml.Http(port, "shop.example.com")),
            ("routes.yaml", GatewayYaml.Routes("shop.example.com", "{ directResponse: { status: 200, body: { string: one } } }")));
        await using var gateway = await EdgeGateway.StartAsync(mesh, credentials: null, port);
        var outside = gateway.Outside(port);
        await UntilTextAsync(outside, "one");

        mesh.Write("routes.yaml", GatewayYaml.Routes("shop.example.com", "{ directResponse: { status: 200, body: { string: two } } }"));
        await UntilTextAsync(outside, "two");

        // What is wrong is said, and what was right stays.
        mesh.Write("gateway.yaml", GatewayYaml.Http(port, "shop.example.com", ", tls: { mode: PASSTHROUGHX }"));
        await Poll.UntilAsync(() => mesh.Plane.Config.Problems.Any(p => p.Object?.Kind == "Gateway"), "the mistake is not noticed");
        await UntilTextAsync(outside, "two");

        mesh.Write("gateway.yaml", GatewayYaml.Http(port, "other.example.com"));
        await EdgeGateway.UntilAsync(outside, "http://shop.example.com/", HttpStatusCode.NotFound);

        // A workload that comes is found without a word about the gateway.
        mesh.Write("gateway.yaml", GatewayYaml.Http(port, "shop.example.com"));
        mesh.Write("routes.yaml", GatewayYaml.Routes("shop.example.com", "{ route: [ { destination: { host: reviews } } ] }"));
        await EdgeGateway.UntilAsync(outside, "http://shop.example.com/", HttpStatusCode.ServiceUnavailable);
        await mesh.StartWorkloadAsync("reviews");
        Assert.Equal("reviews-v1", (await EdgeGateway.AskAsync(outside, "http://shop.example.com/")).Workload);
        File.Delete(mesh.ConfigFile("gateway.yaml"));
        await EdgeGateway.UntilAsync(outside, "http://shop.example.com/", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Routes_that_change_lose_no_request()
    {
        var port = FreePort.Next();
        await using var mesh = await MeshEnvironment.StartAsync(
            ("services.yaml", $"{Yaml.Service("reviews")}\n---\n{Yaml.Service("ratings")}\n---\n{Yaml.PeerAuthentication("STRICT")}"),
            ("gateway.yaml", GatewayYaml.Http(port, "\"*\"")),
            ("routes.yaml", GatewayYaml.Routes("shop.example.com", "{ route: [ { destination: { host: reviews } } ] }")));
        await mesh.StartWorkloadAsync("reviews");
        await mesh.StartWorkloadAsync("ratings");
        await using var gateway = await EdgeGateway.StartAsync(mesh, credentials: null, port);
        var outside = gateway.Outside(port);
        await EdgeGateway.AskAsync(outside, "http://shop.example.com/");

        foreach (var service in (string[])["ratings", "reviews", "ratings"])
        {
            mesh.Write("routes.yaml", GatewayYaml.Routes("shop.example.com", $"{{ route: [ {{ destination: {{ host: {service} }} }} ] }}"));
            var answer = "";
            await Poll.UntilAsync(
                async () =>
                {
                    using var response = await outside.GetAsync("http://shop.example.com/");
                    answer = (await MeshClient.ReadAsync(response)).Workload;
                    return answer == $"{service}-v1";
                },
                () => $"{answer} answers");
        }
    }

    [Fact]
    public async Task A_gateway_starts_from_what_it_knew_while_the_control_plane_is_away()
    {
        var port = FreePort.Next();
        await using var mesh = await MeshEnvironment.StartAsync(
            ("services.yaml", $"{Yaml.Service("reviews")}\n---\n{Yaml.PeerAuthentication("STRICT")}"),
            ("gateway.yaml", $"{GatewayYaml.Http(port, "\"*\"")}\n---\n{GatewayYaml.Routes("shop.example.com", "{ route: [ { destination: { host: reviews } } ] }")}"));
        await mesh.StartWorkloadAsync("reviews");
        var state = mesh.PathOf("state");
        await using (var first = await EdgeGateway.StartAsync(mesh, "default", null, state, [port]))
        {
            await EdgeGateway.AskAsync(first.Outside(port), "http://shop.example.com/");
        }

        await mesh.StopControlPlaneAsync();
        await using var second = await EdgeGateway.StartAsync(mesh, "default", null, state, [port]);

        Assert.Equal("reviews-v1", (await EdgeGateway.AskAsync(second.Outside(port), "http://shop.example.com/")).Workload);
    }

    [Fact]
    public async Task The_ports_of_a_Service_lead_to_those_that_the_process_has()
    {
        var port = FreePort.Next();
        await using var mesh = await MeshEnvironment.StartAsync(
            ("services.yaml", """
                apiVersion: v1
                kind: Service
                metadata: { name: ingress }
                spec: { selector: { istio: ingressgateway }, ports: [ { name: http2, port: 80, targetPort: http } ] }
                """),
            ("gateway.yaml", GatewayYaml.Http(80, "\"*\"")),
            ("routes.yaml", GatewayYaml.Routes("shop.example.com", "{ directResponse: { status: 200, body: { string: one } } }")));
        await using var gateway = await EdgeGateway.StartAsync(mesh, credentials: null, port);

        await UntilTextAsync(gateway.Outside(port), "one");
    }

    private static async Task UntilTextAsync(HttpClient client, string expected)
    {
        var last = "";
        await Poll.UntilAsync(
            async () =>
            {
                using var response = await client.GetAsync("http://shop.example.com/");
                last = await response.Content.ReadAsStringAsync();
                return last == expected;
            },
            () => $"the gateway answers {last}");
    }
}
