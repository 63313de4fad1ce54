using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;
using ProxylessMesh.Client.Outcomes;
using ProxylessMesh.FunctionalTests.Fixture;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.FunctionalTests.BadInput;

/// <summary>A peer that cannot prove who it is gets nothing, and the reason is said where an operator looks.</summary>
public sealed class CertificateTests
{
    private const string Reviews = "http://reviews:9080/";
    private const string Impostors = "http://impostor:9080/";

    [Theory]
    [InlineData("none", "the peer showed no certificate")]
    [InlineData("other trust domain", @"does not chain to a root of trust domain cluster\.local|belongs to another trust domain")]
    [InlineData("same trust domain, other root", @"does not chain to a root of trust domain cluster\.local")]
    [InlineData("right root, other trust domain", @"belongs to another trust domain than cluster\.local")]
    [InlineData("expired", @"the certificate expired at \d{4}-")]
    [InlineData("no SPIFFE id", "not a SPIFFE id")]
    public async Task A_caller_with_a_wrong_certificate_is_refused_and_the_log_says_why(string what, string expected)
    {
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", Yaml.Service("reviews")), ("security.yaml", Yaml.PeerAuthentication("STRICT")));
        var workload = await mesh.StartWorkloadAsync("reviews");
        var client = await mesh.StartClientAsync();
        await client.UntilAsync(Reviews, _ => true);

        await Assert.ThrowsAsync<HttpRequestException>(() => CallAsync(workload.EndPoint, Certificate(mesh, what, "client")));

        await Poll.UntilAsync(() => workload.Logs.Entries.Any(e => e.Id.Id == 3001), "a log of the refusal");
        Assert.Matches(expected, workload.Logs.Entries.First(e => e.Id.Id == 3001).Text);
        Assert.Equal("reviews-v1", (await client.AskAsync(Reviews)).Workload);
    }

    [Theory]
    [InlineData("other trust domain", @"does not chain to a root of trust domain cluster\.local|belongs to another trust domain")]
    [InlineData("same trust domain, other root", @"does not chain to a root of trust domain cluster\.local")]
    [InlineData("expired", @"the certificate expired at \d{4}-")]
    [InlineData("right root, other account", "the peer is spiffe://cluster.local/ns/default/sa/somebody, which the configuration does not allow for this endpoint")]
    public async Task A_server_with_a_wrong_certificate_hears_no_request_and_the_answer_says_why(string what, string expected)
    {
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", Yaml.Service("reviews")));
        await mesh.StartWorkloadAsync("reviews");
        var client = await mesh.StartClientAsync();
        await client.UntilAsync(Reviews, _ => true);
        var heard = 0;
        await using var impostor = await StartImpostorAsync(Certificate(mesh, what, "impostor")!, () => Interlocked.Increment(ref heard));
        mesh.Write("impostor.yaml", $$"""
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: { name: impostor, namespace: default }
            spec:
              hosts: [ impostor ]
              ports: [ { number: 9080, name: http, protocol: HTTP } ]
              resolution: STATIC
              location: MESH_INTERNAL
              endpoints:
              - { address: 127.0.0.1, ports: { http: {{new Uri(impostor.Urls.First()).Port}} }, serviceAccount: impostor, labels: { security.istio.io/tlsMode: istio } }
            """);
        await Poll.UntilAsync(() => mesh.Plane.Config.Objects.Length == 2, "the entry was not read");
        await mesh.SettledAsync();

        using var response = await client.UntilAsync(Impostors, 503);

        Assert.Matches(expected, await response.Content.ReadAsStringAsync());
        Assert.True(response.GetMeshOutcome()!.Flags.HasFlag(ResponseFlags.UpstreamConnectionFailure));
        Assert.Equal(0, heard);
        Assert.Equal("reviews-v1", (await client.AskAsync(Reviews)).Workload);
    }

    [Fact]
    public async Task A_certificate_that_is_right_is_accepted_by_both()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", Yaml.Service("reviews")), ("security.yaml", Yaml.PeerAuthentication("STRICT")));
        var workload = await mesh.StartWorkloadAsync("reviews");
        await mesh.StartClientAsync();

        Assert.Contains("spiffe://cluster.local/ns/default/sa/client", await CallAsync(workload.EndPoint, Certificate(mesh, "right", "client")), StringComparison.Ordinal);
    }

    private static X509Certificate2? Certificate(MeshEnvironment mesh, string what, string account)
    {
        var real = mesh.Authority;
        var now = TimeProvider.System.GetUtcNow();
        var id = $"spiffe://cluster.local/ns/default/sa/{account}";
        return what switch
        {
            "none" => null,
            "right" => Leaf(real.IssueIdentity(id)),
            "other trust domain" => Leaf(new TestAuthority(TimeProvider.System, "evil.example").IssueIdentity($"spiffe://evil.example/ns/default/sa/{account}")),
            "same trust domain, other root" => Leaf(new TestAuthority(TimeProvider.System).IssueIdentity(id)),
            "right root, other trust domain" => Leaf(real.IssueIdentity($"spiffe://evil.example/ns/default/sa/{account}")),
            "right root, other account" => Leaf(real.IssueIdentity("spiffe://cluster.local/ns/default/sa/somebody")),
            "expired" => Leaf(real.IssueIdentity(id, new TestLeaf { NotBefore = real.Certificate.NotBefore, NotAfter = now.AddSeconds(-2) })),
            _ => IssueHostCertificate(real),
        };

        static X509Certificate2 Leaf(IdentityState identity) => identity.Certificate.Leaf;
    }

    private static X509Certificate2 IssueHostCertificate(TestAuthority authority)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = authority.Issue(key, new TestLeaf { Uris = ["https://client.example/"], DnsNames = ["client.example"] });
        return certificate.CopyWithPrivateKey(key);
    }

    private static async Task<string> CallAsync(IPEndPoint endPoint, X509Certificate2? certificate)
    {
        using var http = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true),
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
            },
        });
        return await http.GetStringAsync(new Uri($"https://{endPoint}/"));
    }

    /// <summary>Takes any caller, so that only the client's own judgement can keep it from being heard.</summary>
    private static async Task<WebApplication> StartImpostorAsync(X509Certificate2 certificate, Action heard)
    {
        var builder = WebApplication.CreateBuilder(["--hostBuilder:reloadConfigOnChange=false"]);
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(https =>
        {
            https.ServerCertificate = certificate;
            https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
            https.AllowAnyClientCertificate();
        })));
        var app = builder.Build();
        app.MapFallback((HttpContext _) =>
        {
            heard();
            return Results.Text("caught you");
        });
        await app.StartAsync();
        return app;
    }
}
