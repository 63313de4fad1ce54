using ProxylessMesh.FunctionalTests.Fixture;
using ProxylessMesh.Xds.Bootstrap;

namespace ProxylessMesh.FunctionalTests.EndToEnd;

/// <summary>Joining as a proxyless gRPC application does: by a bootstrap file that an agent wrote, and certificates beside it.</summary>
[Collection(nameof(ProcessEnvironment))]
public sealed class BootstrapTests
{
    private const string Url = "http://reviews:9080/";

    [Theory]
    [InlineData("insecure", "mesh")]
    [InlineData("insecure", "grpc")]
    [InlineData("certificate", "mesh")]
    [InlineData("certificate", "grpc")]
    [InlineData("token", "mesh")]
    public async Task A_client_joins_by_a_bootstrap_file_and_calls_over_mutual_TLS(string credentials, string generator)
    {
        await using var mesh = await MeshEnvironment.StartAsync(
            ("services.yaml", $"{Yaml.Service("reviews")}\n---\n{Yaml.Subsets("reviews", "{ tls: { mode: ISTIO_MUTUAL } }")}"),
            ("security.yaml", Yaml.PeerAuthentication("STRICT")));
        await mesh.StartWorkloadAsync("reviews");
        var files = await AgentFilesAsync(mesh, "client");
        await File.WriteAllTextAsync(mesh.PathOf("bootstrap.json"), Bootstrap(mesh, files, credentials, Node("client", generator)));
        using var variable = new EnvironmentVariable(BootstrapLoader.FileVariable, mesh.PathOf("bootstrap.json"));

        await using var client = await MeshClient.StartAsync(_ => { });

        var answer = await client.UntilAsync(Url, _ => true);
        Assert.Equal(("reviews-v1", "spiffe://cluster.local/ns/default/sa/client"), (answer.Workload, answer.Peer));
    }

    [Fact]
    public async Task A_workload_joins_by_a_bootstrap_in_the_environment_and_is_called_over_mutual_TLS()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", Yaml.Service("reviews")), ("security.yaml", Yaml.PeerAuthentication("STRICT")));
        var client = await mesh.StartClientAsync();
        var files = await AgentFilesAsync(mesh, "reviews");
        var node = Node("reviews", "mesh", "\"app\": \"reviews\", \"security.istio.io/tlsMode\": \"istio\"");
        using var variable = new EnvironmentVariable(BootstrapLoader.ContentVariable, Bootstrap(mesh, files, "certificate", node));

        await using var workload = await WorkloadApp.StartAsync("by-bootstrap", _ => { });

        var answer = await client.UntilAsync(Url, _ => true);
        Assert.Equal(("by-bootstrap", "spiffe://cluster.local/ns/default/sa/client"), (answer.Workload, answer.Peer));
    }

    /// <summary>What an agent would fetch for the account: taken from a workload that has joined by itself.</summary>
    private static async Task<string> AgentFilesAsync(MeshEnvironment mesh, string account)
    {
        await using var agent = await MeshClient.StartAsync(o =>
        {
            mesh.Join(o, account);
            o.StateDirectory = mesh.PathOf("agent");
        });
        return Path.Combine(mesh.PathOf("agent"), "identity");
    }

    private static string Bootstrap(MeshEnvironment mesh, string files, string credentials, string node)
    {
        var roots = $"\"ca_certificate_file\": \"{mesh.RootCertificateFile}\"";
        var certificate = $"{roots}, \"certificate_file\": \"{files}/cert-chain.pem\", \"private_key_file\": \"{files}/key.pem\"";
        var (address, channel, call) = credentials switch
        {
            "insecure" => (mesh.Plaintext, "{ \"type\": \"insecure\" }", ""),
            "certificate" => (mesh.Secure, $$"""{ "type": "tls", "config": { {{certificate}} } }""", ""),
            _ => (mesh.Secure, $$"""{ "type": "tls", "config": { {{roots}} } }""", $$"""{ "type": "jwt_token_file", "config": { "jwt_token_file": "{{mesh.PathOf("default-client.token")}}" } }"""),
        };
        return $$"""
            {
              "xds_servers": [ { "server_uri": "{{address.Authority}}", "channel_creds": [ {{channel}} ], "call_creds": [ {{call}} ], "server_features": [ "xds_v3" ] } ],
              "node": {{node}},
              "certificate_providers": { "default": { "plugin_name": "file_watcher", "config": { {{certificate}}, "refresh_interval": "900s" } } },
              "server_listener_resource_name_template": "xds.istio.io/grpc/lds/inbound/%s"
            }
            """;
    }

    private static string Node(string account, string generator, string labels = "") => $$"""
        {
          "id": "sidecar~127.0.0.1~{{account}}-1.default~default.svc.cluster.local",
          "metadata": {
            "GENERATOR": "{{generator}}", "NAMESPACE": "default", "SERVICE_ACCOUNT": "{{account}}", "WORKLOAD_NAME": "{{account}}",
            "INSTANCE_IPS": "127.0.0.1", "LABELS": { {{labels}} }
          },
          "locality": {}
        }
        """;
}
