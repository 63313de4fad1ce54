using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ProxylessMesh.Client.Outcomes;
using ProxylessMesh.FunctionalTests.Fixture;
using ProxylessMesh.Testing;

namespace ProxylessMesh.FunctionalTests.EndToEnd;

/// <summary>Faults, calls that leave the mesh, and calls that may not: from YAML to the response.</summary>
public sealed class EgressTests
{
    private const string Url = "http://reviews:9080/";

    [Fact]
    public async Task A_fault_aborts_the_calls_that_it_is_for()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", Yaml.Service("reviews")), ("routes.yaml", Yaml.Routes(
            "reviews",
            "{ match: [ { headers: { end-user: { exact: jason } } } ], fault: { delay: { fixedDelay: 20ms, percentage: { value: 100 } }, abort: { httpStatus: 418, percentage: { value: 100 } } }, route: [ { destination: { host: reviews } } ] }",
            "{ route: [ { destination: { host: reviews } } ] }")));
        await mesh.StartWorkloadAsync("reviews", "v1");
        var client = await mesh.StartClientAsync();
        await client.UntilAsync(Url, a => a.Workload == "reviews-v1");
        using var request = new HttpRequestMessage(HttpMethod.Get, Url) { Headers = { { "end-user", "jason" } } };

        using var response = await client.Http.SendAsync(request);

        Assert.Equal(418, (int)response.StatusCode);
        Assert.Equal(ResponseFlags.DelayInjected | ResponseFlags.FaultInjected, response.GetMeshOutcome()!.Flags);
    }

    [Fact]
    public async Task An_unknown_host_is_blocked_with_its_reason()
    {
        await using var mesh = await MeshEnvironment.StartAsync(
            ("sidecar.yaml", "{ apiVersion: networking.istio.io/v1, kind: Sidecar, metadata: { name: strict }, spec: { outboundTrafficPolicy: { mode: REGISTRY_ONLY } } }"));
        var client = await mesh.StartClientAsync();

        using var response = await client.Http.GetAsync("http://nowhere.example.org/");

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal("block_all", response.GetMeshOutcome()!.Route);
        Assert.StartsWith(
            "nowhere.example.org:80 is blocked: namespace default does not know it, and outboundTrafficPolicy is REGISTRY_ONLY (Sidecar default/strict)",
            await response.Content.ReadAsStringAsync(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_http_call_leaves_the_mesh_as_https()
    {
        var authority = new TestAuthority(TimeProvider.System, "partner");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var issued = authority.Issue(key, new TestLeaf { DnsNames = ["api.partner.test"] });
        using var certificate = issued.CopyWithPrivateKey(key);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var mesh = await MeshEnvironment.StartAsync();
        File.WriteAllText(mesh.PathOf("partner.pem"), authority.Roots[0].ExportCertificatePem());
        mesh.Write("partner.yaml", $$"""
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: { name: partner }
            spec:
              hosts: [api.partner.test]
              ports: [ { number: 80, name: http, targetPort: {{((IPEndPoint)listener.LocalEndpoint).Port}} } ]
              resolution: STATIC
              endpoints: [ { address: 127.0.0.1 } ]
            ---
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: { name: partner }
            spec:
              host: api.partner.test
              trafficPolicy:
                tls: { mode: SIMPLE, caCertificates: {{mesh.PathOf("partner.pem")}} }
            """);
        await mesh.StopControlPlaneAsync();
        await mesh.StartControlPlaneAsync();
        var client = await mesh.StartClientAsync();
        var serving = AnswerAsync();

        Assert.Equal("api.partner.test", await client.Http.GetStringAsync("http://api.partner.test/").WaitAsync(TimeSpan.FromSeconds(30)));
        await serving;

        async Task AnswerAsync()
        {
            using var accepted = await listener.AcceptTcpClientAsync();
            await using var secure = new SslStream(accepted.GetStream());
            await secure.AuthenticateAsServerAsync(certificate);
            using var reader = new StreamReader(secure, Encoding.ASCII, leaveOpen: true);
            while (await reader.ReadLineAsync() is { Length: > 0 })
            {
            }

            var name = secure.TargetHostName;
            await secure.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {name.Length}\r\nConnection: close\r\n\r\n{name}"));
        }
    }
}
