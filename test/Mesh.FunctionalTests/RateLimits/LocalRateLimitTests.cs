using ProxylessMesh.FunctionalTests.Fixture;

namespace ProxylessMesh.FunctionalTests.RateLimits;

/// <summary>From YAML over a real control plane to a real app.</summary>
public sealed class LocalRateLimitTests
{
    private const string Url = "http://reviews:9080/";

    [Fact]
    public async Task Each_caller_has_a_limit_and_edits_of_it_count()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", Yaml.Service("reviews")), ("limit.yaml", Policy("tokens: 3, per: 24h, by: [ { source: identity } ]")));
        var app = await mesh.StartWorkloadAsync("reviews");
        var client = await mesh.StartClientAsync();
        var other = await mesh.StartClientAsync(options =>
        {
            mesh.Join(options, "other");
        });

        await client.UntilAsync(Url, 429);
        using (var answer = await other.GetAsync(Url))
        {
            Assert.Equal(200, (int)answer.StatusCode);
        }

        using (var refused = await client.GetAsync(Url))
        {
            Assert.Equal("local_rate_limited\n", await refused.Content.ReadAsStringAsync());
        }

        mesh.Write("limit.yaml", Policy("match: { path: { prefix: /admin } }, tokens: 3, per: 24h"));
        (await client.UntilAsync(Url, 200)).Dispose();
        (await client.UntilAsync(Url + "admin", 429)).Dispose();
        Assert.Equal("reviews-v1", (await client.AskAsync(Url)).Workload);
    }

    private static string Policy(string limit) => $$"""
        apiVersion: proxylessmesh.io/v1alpha1
        kind: RateLimitPolicy
        metadata: { name: limit, namespace: default }
        spec:
          selector: { matchLabels: { app: reviews } }
          local:
          - { {{limit}} }
        """;
}
