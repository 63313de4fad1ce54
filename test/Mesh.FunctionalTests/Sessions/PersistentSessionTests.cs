using ProxylessMesh.FunctionalTests.Fixture;

namespace ProxylessMesh.FunctionalTests.Sessions;

/// <summary>Istio's label istio.io/persistent-session, from YAML to the endpoint.</summary>
public sealed class PersistentSessionTests
{
    private const string Url = "http://carts:9080/";

    private const string Service = """
        apiVersion: v1
        kind: Service
        metadata: { name: carts, namespace: default, labels: { istio.io/persistent-session: cart } }
        spec:
          selector: { app: carts }
          ports: [ { name: http, port: 9080, targetPort: http } ]
        """;

    [Fact]
    public async Task A_session_stays_with_its_endpoint_until_that_is_gone()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("carts.yaml", Service));
        await mesh.StartWorkloadAsync("carts", "v1");
        var second = await mesh.StartWorkloadAsync("carts", "v2");
        var client = await mesh.StartClientAsync();
        await client.UntilAllAnswerAsync(Url, "carts-v1", "carts-v2");
        var cookie = "";
        await Poll.UntilAsync(
            async () =>
            {
                using var response = await client.GetAsync(Url);
                cookie = Assert.Single(response.Headers.GetValues("Set-Cookie")).Split(';')[0];
                return (await MeshClient.ReadAsync(response)).Workload == "carts-v2";
            },
            () => "v2 never answers");

        for (var i = 0; i < 20; i++)
        {
            Assert.Equal("carts-v2", (await client.AskAsync(Url, ("cookie", cookie))).Workload);
        }

        await second.StopAsync();
        await client.UntilAsync(Url, a => a.Workload == "carts-v1", ("cookie", cookie));
        using var moved = await client.GetAsync(Url, ("cookie", cookie));
        Assert.NotEqual(cookie, Assert.Single(moved.Headers.GetValues("Set-Cookie")).Split(';')[0]);
    }
}
