using System.Globalization;
using ProxylessMesh.FunctionalTests.Documentation;
using ProxylessMesh.FunctionalTests.Fixture;

namespace ProxylessMesh.FunctionalTests.MutualTls;

/// <summary>The tasks of docs/security/mutual-tls.md, with its YAML.</summary>
public sealed class MigrationTaskTests
{
    private const string Url = "http://reviews:9080/";
    private const string Client = "spiffe://cluster.local/ns/default/sa/client";

    private const string Services = """
        apiVersion: v1
        kind: Service
        metadata: { name: reviews, namespace: default }
        spec:
          selector: { app: reviews }
          ports:
          - { name: http, port: 9080, targetPort: http }
          - { name: http-second, port: 9091, targetPort: http }
        """;

    private static readonly IReadOnlyList<string> s_blocks = Page.Blocks("security", "mutual-tls.md");

    [Fact]
    public async Task A_namespace_is_locked_down_under_load_and_a_port_is_opened_again()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", Services), ("security.yaml", Shown("mode: PERMISSIVE", 0)));
        var reviews = await mesh.StartWorkloadAsync("reviews");
        var client = await mesh.StartClientAsync();
        await client.UntilAsync(Url, a => a.Peer == Client);
        await using var load = new Load(client, Url);
        await PlaintextAsync(reviews, accepted: true);

        mesh.Write("security.yaml", Shown("mode: PERMISSIVE", 0).Replace("PERMISSIVE", "STRICT", StringComparison.Ordinal));
        await PlaintextAsync(reviews, accepted: false);

        mesh.Write("exception.yaml", Shown("9090", 1).Replace("9090", reviews.EndPoint.Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
        await PlaintextAsync(reviews, accepted: true);

        await load.MoreAsync(20);
        Assert.Empty(load.Failures);
        Assert.Equal(Client, (await client.AskAsync(Url)).Peer);
    }

    [Fact]
    public async Task A_DestinationRule_says_how_a_host_a_port_and_a_subset_are_called()
    {
        await using var mesh = await MeshEnvironment.StartAsync(
            ("services.yaml", Services),
            ("tls.yaml", Shown("mode: ISTIO_MUTUAL", 2)),
            ("routes.yaml", Yaml.Routes("reviews", "{ match: [ { uri: { prefix: /plain } } ], route: [ { destination: { host: reviews, subset: plain } } ] }", "{ route: [ { destination: { host: reviews } } ] }")));
        await mesh.StartWorkloadAsync("reviews", "plain");
        var client = await mesh.StartClientAsync();

        await client.UntilAsync(Url, a => a.Peer == Client);
        Assert.Null((await client.AskAsync(Url + "plain")).Peer);
        await client.UntilAsync("http://reviews:9091/", a => a.Peer is null);
    }

    private static string Shown(string text, int block)
    {
        Assert.Contains(text, s_blocks[block], StringComparison.Ordinal);
        return s_blocks[block];
    }

    private static Task PlaintextAsync(WorkloadApp workload, bool accepted) => Poll.UntilAsync(
        async () =>
        {
            using var http = new HttpClient();
            try
            {
                return (await http.GetAsync(new Uri($"http://{workload.EndPoint}/"))).IsSuccessStatusCode == accepted;
            }
            catch (HttpRequestException)
            {
                return !accepted;
            }
        },
        () => $"plaintext accepted: {accepted}");
}
