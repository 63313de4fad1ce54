using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Envoy.Service.Auth.V3;
using Microsoft.AspNetCore.Builder;
using ProxylessMesh.ControlPlane.Grpc;
using ProxylessMesh.FunctionalTests.ExternalAuthorization;
using ProxylessMesh.FunctionalTests.Fixture;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.FunctionalTests.Documentation;

/// <summary>Istio's security tasks with the YAML of docs/security: it does what the page says. Mutual TLS has a class of its own, MigrationTaskTests.</summary>
public sealed class SecurityTaskTests
{
    private const string Url = "http://reviews:9080/";
    private const int DryRun = 3202;

    [Fact]
    public async Task Authorization_for_HTTP_explicit_deny_and_dry_run()
    {
        var viewer = Shown("authorization.md", "reviews-viewer");
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", Yaml.Service("reviews")), ("policy.yaml", viewer.Split("---\n")[0]));
        var reviews = await mesh.StartWorkloadAsync("reviews");
        var other = await mesh.StartClientAsync();
        var productpage = await mesh.StartClientAsync(options =>
        {
            options.TokenFile = mesh.TokenFile("default", "bookinfo-productpage");
            options.Workload.ServiceAccount = "bookinfo-productpage";
        });
        var operations = await mesh.StartClientAsync(ns: "operations");

        // The first object refuses everything, the second opens one door.
        (await productpage.UntilAsync(Url + "reviews/1", 403)).Dispose();
        mesh.Write("policy.yaml", viewer);
        (await productpage.UntilAsync(Url + "reviews/1", 200)).Dispose();
        Assert.Equal(
            (403, 403, 403),
            (await StatusAsync(productpage, HttpMethod.Post, "reviews/1"), await StatusAsync(productpage, HttpMethod.Get, "ratings"), await StatusAsync(other, HttpMethod.Get, "reviews/1")));

        mesh.Write("policy.yaml", Shown("authorization.md", "no-admin"));
        (await other.UntilAsync(Url, 200)).Dispose();
        Assert.Equal((403, 403), (await StatusAsync(other, HttpMethod.Get, "admin"), await StatusAsync(other, HttpMethod.Get, "ADMIN/users")));
        using (var answer = await operations.GetAsync("http://reviews.default:9080/admin"))
        {
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        mesh.Write("policy.yaml", Shown("authorization.md", "istio.io/dry-run"));
        (await other.UntilAsync(Url + "admin", 200)).Dispose();
        Assert.Equal(200, await StatusAsync(other, HttpMethod.Delete, "reviews/1"));
        Assert.Contains("would refuse DELETE /reviews/1", await reviews.Logs.WaitForAsync(DryRun), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Authentication_and_authorization_with_tokens()
    {
        using var issuer = new TestIssuer(issuer: "https://issuer.example.com");
        await using var mesh = await MeshEnvironment.StartAsync(
            ("services.yaml", Yaml.Service("reviews")),
            ("users.yaml", Shown("request-authentication.md", "name: users").Replace("- issuer: https://login.example.com", $"- issuer: {issuer.Issuer}\n    jwks: '{issuer.KeySet}'", StringComparison.Ordinal)),
            ("policy.yaml", Shown("authorization.md", "require-group")));
        await mesh.StartWorkloadAsync("reviews");
        var client = await mesh.StartClientAsync();

        (await client.UntilAsync(Url, 403)).Dispose();
        Assert.Equal((403, null), await AskAsync("bookinfo", "group2"));
        Assert.Equal((200, "alice"), await AskAsync("bookinfo", "group1"));
        Assert.Equal((403, null), await AskAsync("somebody else", "group1"));
        client.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "nonsense");
        Assert.Equal(401, await StatusAsync(client, HttpMethod.Get, ""));

        async Task<(int Status, string? User)> AskAsync(string audience, string group)
        {
            var token = issuer.Token(TimeProvider.System.GetUtcNow(), new JsonObject { ["aud"] = audience, ["groups"] = new JsonArray(group) });
            using var answer = await client.GetAsync(Url, ("authorization", $"Bearer {token}"));
            return ((int)answer.StatusCode, answer.IsSuccessStatusCode ? (await MeshClient.ReadAsync(answer)).Headers["x-user"] : null);
        }
    }

    [Fact]
    public async Task External_authorization()
    {
        var yaml = Shown("external-authorization.md", "name: ext-authz, namespace: foo")
            .Replace("{ name: grpc, port: 9000 }", "{ name: grpc, port: 9000, targetPort: http }", StringComparison.Ordinal)
            .Replace("timeout: 500ms", "timeout: 10s", StringComparison.Ordinal);
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", Yaml.Service("httpbin", "foo")), ("authz.yaml", yaml));
        await mesh.StartWorkloadAsync(
            "ext-authz",
            ns: "foo",
            map: app => app.MapGrpcUnary<CheckRequest, CheckResponse>(
                WellKnownMethods.Check,
                (check, _, _) => Task.FromResult(check.Attributes.Request.Http.Headers.TryGetValue("x-ext-authz", out var value) && value == "allow" ? Authorizer.Allow() : Authorizer.Deny("denied"))));
        await mesh.StartWorkloadAsync("httpbin", ns: "foo");
        var client = await mesh.StartClientAsync(ns: "foo");

        (await client.UntilAsync("http://httpbin.foo:9080/ip", 200)).Dispose();
        using var refused = await client.UntilAsync("http://httpbin.foo:9080/headers", 403);
        Assert.Equal("denied", await refused.Content.ReadAsStringAsync());
        Assert.Equal("httpbin-v1", (await client.AskAsync("http://httpbin.foo:9080/headers", ("x-ext-authz", "allow"))).Workload);
    }

    [Fact]
    public async Task Local_rate_limits()
    {
        await using var mesh = await MeshEnvironment.StartAsync(
            ("services.yaml", Yaml.Service("productpage")), ("limit.yaml", Shown("rate-limits.md", "filter-local-ratelimit-svc")));
        await mesh.StartWorkloadAsync("productpage");
        var client = await mesh.StartClientAsync();

        (await client.UntilAsync("http://productpage:9080/", 429)).Dispose();
    }

    private static string Shown(string page, string text) => Page.Blocks("security", page).First(b => b.Contains(text, StringComparison.Ordinal));

    private static async Task<int> StatusAsync(MeshClient client, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, Url + path);
        using var answer = await client.Http.SendAsync(request);
        return (int)answer.StatusCode;
    }
}
