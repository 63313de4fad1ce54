using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;
using ProxylessMesh.FunctionalTests.Fixture;
using ProxylessMesh.Testing;

namespace ProxylessMesh.FunctionalTests.EndToEnd;

/// <summary>A mesh that was renamed: identities of the old name are accepted, on both sides, and those of no other.</summary>
public sealed class TrustDomainTests
{
    private const string Old = "spiffe://old.example/ns/default/sa/legacy";
    private const string Other = "spiffe://third.example/ns/default/sa/legacy";

    [Fact]
    public async Task Peers_of_an_alias_are_who_they_prove_to_be()
    {
        await using var mesh = await MeshEnvironment.StartAsync(
            options => options with { Mesh = options.Mesh with { TrustDomainAliases = ["old.example"] } },
            ("services.yaml", Yaml.Service("reviews")),
            ("security.yaml", Yaml.PeerAuthentication("STRICT")));
        var reviews = await mesh.StartWorkloadAsync("reviews");
        var client = await mesh.StartClientAsync();
        using (await client.UntilAsync("http://reviews:9080/", 200))
        {
        }

        string answer = "";
        await Poll.UntilAsync(async () => (answer = await CallAsync(reviews, mesh, Old)).Contains(Old, StringComparison.Ordinal), () => answer);
        await Assert.ThrowsAsync<HttpRequestException>(() => CallAsync(reviews, mesh, Other));

        await using var legacy = await StartAsync(mesh, Old);
        await using var stranger = await StartAsync(mesh, Other);
        mesh.Write("legacy.yaml", Entry("legacy", legacy) + "---\n" + Entry("stranger", stranger));
        await Poll.UntilAsync(() => mesh.Plane.Config.Objects.Length == 4, "the entries were not read");
        await mesh.SettledAsync();
        using var accepted = await client.UntilAsync("http://legacy:9080/", 200);
        using var refused = await client.UntilAsync("http://stranger:9080/", 503);
        Assert.Contains("another trust domain than cluster.local", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static X509Certificate2 Certificate(MeshEnvironment mesh, string id) => mesh.Authority.IssueIdentity(id).Certificate.Leaf;

    private static async Task<string> CallAsync(WorkloadApp workload, MeshEnvironment mesh, string id)
    {
        using var http = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                ClientCertificateContext = SslStreamCertificateContext.Create(Certificate(mesh, id), additionalCertificates: null, offline: true),
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
            },
        });
        return await http.GetStringAsync(new Uri($"https://{workload.EndPoint}/"));
    }

    private static async Task<WebApplication> StartAsync(MeshEnvironment mesh, string id)
    {
        var builder = WebApplication.CreateBuilder(["--hostBuilder:reloadConfigOnChange=false"]);
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.UseHttps(https =>
        {
            https.ServerCertificate = Certificate(mesh, id);
            https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
            https.AllowAnyClientCertificate();
        })));
        var app = builder.Build();
        app.MapFallback(() => Results.Text("here"));
        await app.StartAsync();
        return app;
    }

    private static string Entry(string host, WebApplication app) => $$"""
        apiVersion: networking.istio.io/v1
        kind: ServiceEntry
        metadata: { name: {{host}}, namespace: default }
        spec:
          hosts: [ {{host}} ]
          ports: [ { number: 9080, name: http, protocol: HTTP } ]
          resolution: STATIC
          location: MESH_INTERNAL
          endpoints:
          - { address: 127.0.0.1, ports: { http: {{new Uri(app.Urls.First()).Port}} }, serviceAccount: legacy, labels: { security.istio.io/tlsMode: istio } }

        """;
}
