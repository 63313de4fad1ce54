using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using ProxylessMesh.FunctionalTests.Fixture;

namespace ProxylessMesh.FunctionalTests.Authorization;

/// <summary>AuthorizationPolicies from YAML to the answer, with mutual TLS between real processes' parts.</summary>
public sealed class AuthorizationPolicyTests
{
    private const string Url = "http://reviews:9080/";

    [Fact]
    public async Task Policies_decide_by_principal_and_path_and_an_edit_counts_for_the_next_request()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", Yaml.Service("reviews")), ("policy.yaml", Policy("client", "/admin")));
        var workload = await mesh.StartWorkloadAsync("reviews");
        var client = await mesh.StartClientAsync();
        await client.UntilAsync(Url, _ => true);
        using var curl = new HttpClient();

        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(client.Http, Url + "admin"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(client.Http, Url + "ADMIN/"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(client.Http, Url + "x/%2e%2e/%61dmin"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(curl, $"http://{workload.EndPoint}/"));

        mesh.Write("policy.yaml", Policy("nobody", "/admin"));
        await Poll.UntilAsync(async () => await StatusAsync(client.Http, Url) == HttpStatusCode.Forbidden, () => "the client is still let in");
    }

    [Fact]
    public async Task RequireMeshIdentity_admits_the_callers_that_it_names()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", Yaml.Service("reviews")));
        var workload = await mesh.StartWorkloadAsync(
            "reviews",
            map: app =>
            {
                app.UseAuthorization();
                app.MapGet("/client", () => "ok").RequireAuthorization("client");
                app.MapGet("/any", () => "ok").RequireAuthorization("any");
                app.MapGet("/other", () => "ok").RequireAuthorization("other");
            },
            build: builder => builder.Services.AddAuthorizationBuilder()
                .AddPolicy("client", p => p.RequireMeshIdentity("spiffe://cluster.local/ns/default/sa/other", "spiffe://cluster.local/ns/default/sa/client"))
                .AddPolicy("any", p => p.RequireMeshIdentity("spiffe://cluster.local/ns/default/*"))
                .AddPolicy("other", p => p.RequireMeshIdentity("spiffe://cluster.local/ns/default/sa/other")));
        var client = await mesh.StartClientAsync();
        await client.UntilAsync(Url, _ => true);
        using var curl = new HttpClient();

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client.Http, Url + "client"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client.Http, Url + "any"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(client.Http, Url + "other"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(curl, $"http://{workload.EndPoint}/any"));
    }

    [Theory]
    [InlineData("spiffe://")]
    [InlineData("spiffe://cluster.local")]
    [InlineData("spiffe:///ns/a/sa/b")]
    [InlineData("spiffe://cluster*/ns/a")]
    [InlineData("spiffe://cluster.local/*/sa/b")]
    [InlineData("cluster.local/ns/a/sa/b")]
    public void What_is_no_identity_is_refused_when_the_policy_is_built(string id) =>
        Assert.Throws<ArgumentException>(() => new AuthorizationPolicyBuilder().RequireMeshIdentity(id));

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string url)
    {
        using var response = await client.GetAsync(new Uri(url, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        return response.StatusCode;
    }

    private static string Policy(string account, string denied) => $$"""
        apiVersion: security.istio.io/v1
        kind: AuthorizationPolicy
        metadata: {name: allow}
        spec:
          selector: {matchLabels: {app: reviews} }
          rules: [{from: [{source: {principals: ["cluster.local/ns/default/sa/{{account}}"] } }] }]
        ---
        apiVersion: security.istio.io/v1
        kind: AuthorizationPolicy
        metadata: {name: deny}
        spec:
          action: DENY
          rules: [{to: [{operation: {paths: ["{{denied}}"] } }] }]
        """;
}
