using System.Net;
using ProxylessMesh.FunctionalTests.ExternalAuthorization;
using ProxylessMesh.FunctionalTests.Fixture;

namespace ProxylessMesh.FunctionalTests.Gateway;

/// <summary>CUSTOM policies at the gateway: a service of the operator's own decides about strangers.</summary>
public sealed class EdgeAuthorizerTests
{
    [Fact]
    public async Task A_service_decides_and_without_its_word_nobody_passes()
    {
        var port = FreePort.Next();
        await using var service = await Authorizer.OverGrpcAsync(check =>
            check.Attributes.Request.Http.Headers.TryGetValue("x-key", out var key) && key == "good" ? Authorizer.Allow() : Authorizer.Deny("not with that key"));
        await using var mesh = await MeshEnvironment.StartAsync(
            ("services.yaml", $"{Yaml.Service("reviews")}\n---\n{Yaml.PeerAuthentication("STRICT")}"),
            ("gateway.yaml", $"{GatewayYaml.Http(port, "\"*\"")}\n---\n{GatewayYaml.Routes("shop.example.com", "{ route: [ { destination: { host: reviews } } ] }")}"),
            ("mesh.yaml", Authorizer.MeshConfig(service.Config("keys"))),
            ("policy.yaml", """
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: { name: keys }
                spec:
                  selector: { matchLabels: { istio: ingressgateway } }
                  action: CUSTOM
                  provider: { name: keys }
                  rules: [ { to: [ { operation: { paths: [ "/api*" ] } } ] } ]
                """));
        await mesh.StartWorkloadAsync("reviews");
        await using var gateway = await EdgeGateway.StartAsync(mesh, credentials: null, port);
        var outside = gateway.Outside(port);
        await EdgeGateway.AskAsync(outside, "http://shop.example.com/open");

        Assert.Equal((HttpStatusCode.OK, "/api/x"), await AskAsync(outside, "good"));
        Assert.Equal((HttpStatusCode.Forbidden, "not with that key"), await AskAsync(outside, "bad"));

        await service.DisposeAsync();
        Assert.Equal(HttpStatusCode.Forbidden, (await AskAsync(outside, "good")).Status);
        await EdgeGateway.AskAsync(outside, "http://shop.example.com/open");
    }

    private static async Task<(HttpStatusCode Status, string Said)> AskAsync(HttpClient outside, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://shop.example.com/api/x") { Headers = { { "x-key", key } } };
        using var response = await outside.SendAsync(request);
        return (response.StatusCode, response.IsSuccessStatusCode ? (await MeshClient.ReadAsync(response)).Path : await response.Content.ReadAsStringAsync());
    }
}
