using ProxylessMesh.Client.Outcomes;
using ProxylessMesh.FunctionalTests.Fixture;

namespace ProxylessMesh.FunctionalTests.MutualTls;

/// <summary>Programs that know nothing of the mesh serve it, with a certificate that the mesh has exported for them; callers check its SPIFFE id.</summary>
public sealed class ForeignServerTests
{
    private const string Url = "http://legacy.example.com/";

    [ToolTheory("nginx")]
    [InlineData("1.1", "http/1.1")]
    [InlineData("2.0", "h2")]
    public async Task Nginx_behind_a_ServiceEntry(string version, string alpn)
    {
        await using var mesh = await MeshEnvironment.StartAsync();
        await using var nginx = await NginxAsync(mesh, "legacy/nginx");
        var client = await CallingAsync(mesh, Entry(nginx, "serviceAccount: nginx", "legacy"), 1);
        client.Version = Version.Parse(version);

        using var response = await client.UntilAsync(Url, 200);

        Assert.Equal($"SUCCESS TLSv1.3 HTTP/{version} {alpn}\n", await response.Content.ReadAsStringAsync());
    }

    [ToolTheory("nginx")]
    [InlineData("spiffe://cluster.local/ns/legacy/sa/nginx", true)]
    [InlineData("spiffe://cluster.local/ns/legacy/sa/somebody", false)]
    [InlineData("legacy.example.com", true)]
    [InlineData("other.example.com", false)]
    public async Task SubjectAltNames_of_the_ServiceEntry_say_who_it_must_be(string name, bool accepted)
    {
        await using var mesh = await MeshEnvironment.StartAsync();
        await using var nginx = await NginxAsync(mesh, "legacy/nginx", "--dns-name", "legacy.example.com");
        var client = await CallingAsync(mesh, Entry(nginx, "serviceAccount: another", "default", $"subjectAltNames: [ {name} ]"), 1);

        using var response = await client.UntilAsync(Url, accepted ? 200 : 503);

        if (!accepted)
        {
            Assert.Contains("the peer is spiffe://cluster.local/ns/legacy/sa/nginx, which the configuration does not allow", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            Assert.True(response.GetMeshOutcome()!.Flags.HasFlag(ResponseFlags.UpstreamConnectionFailure));
        }
    }

    [ToolFact("nginx")]
    public async Task Nginx_as_a_WorkloadEntry_of_a_Service()
    {
        await using var mesh = await MeshEnvironment.StartAsync();
        await using var nginx = await NginxAsync(mesh, "default/nginx");
        var client = await CallingAsync(
            mesh,
            $$"""
            {{Yaml.Service("legacy")}}
            ---
            apiVersion: networking.istio.io/v1
            kind: WorkloadEntry
            metadata: { name: legacy-1, namespace: default }
            spec: { address: 127.0.0.1, ports: { http: {{nginx.EndPoint.Port}} }, labels: { app: legacy, security.istio.io/tlsMode: istio }, serviceAccount: nginx }
            """,
            2);

        using var response = await client.UntilAsync("http://legacy:9080/", 200);

        Assert.StartsWith("SUCCESS TLSv1.3", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [ToolFact("nginx")]
    public async Task A_server_of_another_trust_domain_hears_nothing()
    {
        await using var mesh = await MeshEnvironment.StartAsync();
        await using var nginx = await NginxAsync(mesh, "legacy/nginx", "--trust-domain", "evil.example");
        var client = await CallingAsync(mesh, Entry(nginx, "serviceAccount: nginx", "legacy", "subjectAltNames: [ spiffe://evil.example/ns/legacy/sa/nginx ]"), 1);

        using var response = await client.UntilAsync(Url, 503);

        Assert.Contains("belongs to another trust domain than cluster.local", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [ToolTheory("openssl")]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task Openssl_s_server(string version)
    {
        await using var mesh = await MeshEnvironment.StartAsync();
        var files = await ExportedFiles.CreateAsync(mesh, "legacy/openssl");
        var port = FreePort.Next();
        await using var server = await ForeignServer.StartAsync(
            "openssl", port, "s_server", "-accept", $"127.0.0.1:{port}", "-cert", files.Chain, "-key", files.Key, "-CAfile", files.Roots, "-Verify", "3", "-verify_return_error", "-www", "-alpn", "http/1.1", version);
        var client = await CallingAsync(mesh, Entry(server, "serviceAccount: openssl", "legacy"), 1);

        using var response = await client.UntilAsync(Url, 200);

        // Its page shows the client's certificate.
        Assert.Contains("spiffe://cluster.local/ns/default/sa/client", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task<MeshClient> CallingAsync(MeshEnvironment mesh, string yaml, int objects)
    {
        mesh.Write("legacy.yaml", yaml);
        await Poll.UntilAsync(() => mesh.Plane.Config.Objects.Length == objects, "the configuration was not read");
        await mesh.SettledAsync();
        return await mesh.StartClientAsync();
    }

    private static string Entry(ForeignServer server, string account, string ns, string more = "") => $$"""
        apiVersion: networking.istio.io/v1
        kind: ServiceEntry
        metadata: { name: legacy, namespace: {{ns}} }
        spec:
          hosts: [ legacy.example.com ]
          ports: [ { number: 80, name: http, protocol: HTTP } ]
          location: MESH_INTERNAL
          resolution: STATIC
          endpoints:
          - { address: 127.0.0.1, ports: { http: {{server.EndPoint.Port}} }, {{account}}, labels: { security.istio.io/tlsMode: istio } }
          {{more}}
        """;

    private static async Task<ForeignServer> NginxAsync(MeshEnvironment mesh, string account, params string[] more)
    {
        var files = await ExportedFiles.CreateAsync(mesh, account, more);
        return await ForeignServer.NginxAsync(mesh, port => $$"""
            server {
              listen 127.0.0.1:{{port}} ssl http2;
              ssl_certificate {{files.Chain}};
              ssl_certificate_key {{files.Key}};
              ssl_client_certificate {{files.Roots}};
              ssl_protocols TLSv1.2 TLSv1.3;
              ssl_verify_client on;
              ssl_verify_depth 3;
              location / { return 200 "$ssl_client_verify $ssl_protocol $server_protocol $ssl_alpn_protocol\n"; }
            }
            """);
    }
}
