using System.Text.Json;
using ProxylessMesh.FunctionalTests.Fixture;
using ProxylessMesh.Testing;

namespace ProxylessMesh.FunctionalTests.MutualTls;

/// <summary>Programs that know nothing of the mesh call a STRICT app with a certificate that the mesh has exported for them.</summary>
public sealed class ForeignClientTests
{
    [ToolFact("curl")]
    public async Task Curl()
    {
        await using var mesh = await StartAsync();
        var reviews = await mesh.StartWorkloadAsync("reviews");
        var files = await ExportedFiles.CreateAsync(mesh, "tools/curl");

        var http1 = Answer(await CurlAsync(reviews, "--http1.1", "--cert", files.Chain, "--key", files.Key));
        var http2 = Answer(await CurlAsync(reviews, "--http2", "--cert", files.Chain, "--key", files.Key));

        Assert.Equal(("spiffe://cluster.local/ns/tools/sa/curl", "HTTP/1.1", "http"), (http1.Peer, http1.Protocol, http1.Scheme));
        Assert.Equal(("spiffe://cluster.local/ns/tools/sa/curl", "HTTP/2", "http"), (http2.Peer, http2.Protocol, http2.Scheme));
    }

    [ToolFact("curl")]
    public async Task Curl_without_a_certificate_of_this_mesh_is_refused()
    {
        await using var mesh = await StartAsync();
        var reviews = await mesh.StartWorkloadAsync("reviews");
        var stranger = await ExportedFiles.CreateAsync(mesh, "tools/curl", "--trust-domain", "evil.example");

        Assert.NotEqual(0, (await CurlAsync(reviews)).ExitCode);
        Assert.NotEqual(0, (await CurlAsync(reviews, "--cert", stranger.Chain, "--key", stranger.Key)).ExitCode);
        var (exit, plaintext) = await ToolRun.RunAsync("curl", "", "--silent", "--show-error", "--max-time", "20", $"http://{reviews.EndPoint}/");

        Assert.True(exit != 0, plaintext);
        Assert.Contains(reviews.Logs.Entries, e => e.Id.Id == 3001);
    }

    [ToolTheory("openssl")]
    [InlineData("-tls1_2", "http/1.1")]
    [InlineData("-tls1_3", "istio-http/1.1,istio,http/1.1")]
    [InlineData("-tls1_3", "istio")]
    public async Task Openssl_verifies_our_chain_and_is_served(string version, string alpn)
    {
        await using var mesh = await StartAsync();
        var reviews = await mesh.StartWorkloadAsync("reviews");
        var files = await ExportedFiles.CreateAsync(mesh, "tools/openssl");

        var (_, output) = await ToolRun.RunAsync(
            "openssl",
            "GET / HTTP/1.1\r\nHost: reviews\r\nConnection: close\r\n\r\n",
            "s_client", "-connect", $"{reviews.EndPoint}", "-cert", files.Chain, "-key", files.Key, "-CAfile", files.Roots, "-verify_return_error", "-ign_eof", version, "-alpn", alpn);

        Assert.Contains("Verify return code: 0 (ok)", output, StringComparison.Ordinal);
        Assert.Contains("spiffe://cluster.local/ns/tools/sa/openssl", output, StringComparison.Ordinal);
    }

    [ToolFact("nginx", "curl")]
    public async Task Nginx_forwards_with_its_own_identity()
    {
        await using var mesh = await StartAsync();
        var reviews = await mesh.StartWorkloadAsync("reviews");
        var files = await ExportedFiles.CreateAsync(mesh, "edge/nginx");
        await using var nginx = await ForeignServer.NginxAsync(mesh, port => $$"""
            server {
              listen 127.0.0.1:{{port}};
              location / {
                proxy_pass https://{{reviews.EndPoint}};
                proxy_http_version 1.1;
                proxy_set_header Host reviews;
                proxy_ssl_certificate {{files.Chain}};
                proxy_ssl_certificate_key {{files.Key}};
                proxy_ssl_session_reuse on;
              }
            }
            """);

        // Twice: nginx would resume the session of the first connection, if it were given one.
        for (var i = 0; i < 2; i++)
        {
            var answer = Answer(await ToolRun.RunAsync("curl", "", "--silent", "--show-error", "--max-time", "20", $"http://{nginx.EndPoint}/"));
            Assert.Equal(("reviews-v1", "spiffe://cluster.local/ns/edge/sa/nginx"), (answer.Workload, answer.Peer));
        }
    }

    private static Task<MeshEnvironment> StartAsync() =>
        MeshEnvironment.StartAsync(("services.yaml", Yaml.Service("reviews")), ("security.yaml", Yaml.PeerAuthentication("STRICT")));

    // Curl looks for host names only, and workloads have none: it cannot say whom it talks to.
    private static Task<(int ExitCode, string Output)> CurlAsync(WorkloadApp to, params string[] arguments) =>
        ToolRun.RunAsync("curl", "", ["--silent", "--show-error", "--max-time", "20", "--insecure", .. arguments, $"https://{to.EndPoint}/"]);

    private static Answer Answer((int ExitCode, string Output) run)
    {
        Assert.True(run.ExitCode == 0, run.Output);
        return JsonSerializer.Deserialize<Answer>(run.Output, JsonSerializerOptions.Web)!;
    }
}
