using System.Text.Json.Nodes;
using ProxylessMesh.FunctionalTests.Fixture;
using ProxylessMesh.Testing;

namespace ProxylessMesh.FunctionalTests.Authorization;

/// <summary>Claims of verified tokens in AuthorizationPolicies, and what AUDIT and dry run leave behind: from YAML to the answer.</summary>
public sealed class TokenPolicyTests : IDisposable
{
    private const string Policies = """
        apiVersion: security.istio.io/v1
        kind: RequestAuthentication
        metadata: { name: users }
        spec:
          jwtRules: [ { issuer: https://issuer.test, jwks: 'KEYS' } ]
        ---
        apiVersion: security.istio.io/v1
        kind: AuthorizationPolicy
        metadata: { name: allow }
        spec:
          rules:
          - to: [ { operation: { paths: [ /, /audited, /dry ] } } ]
          - to: [ { operation: { paths: [ /any-user ] } } ]
            from: [ { source: { requestPrincipals: [ "*" ] } } ]
          - to: [ { operation: { paths: [ /alice ] } } ]
            from: [ { source: { requestPrincipals: [ https://issuer.test/alice ] } } ]
          - to: [ { operation: { paths: [ /admins ] } } ]
            when: [ { key: "request.auth.claims[groups]", values: [ admins ] } ]
          - to: [ { operation: { paths: [ /nested ] } } ]
            when: [ { key: "request.auth.claims[realm][roles]", values: [ editor ] } ]
          - to: [ { operation: { paths: [ /audience ] } } ]
            when: [ { key: request.auth.audiences, values: [ bookinfo ] } ]
          - to: [ { operation: { paths: [ /presenter ] } } ]
            when: [ { key: request.auth.presenter, values: [ app-1 ] } ]
          - to: [ { operation: { paths: [ /not-bob ] } } ]
            when: [ { key: request.auth.principal, notValues: [ https://issuer.test/bob ] } ]
        ---
        apiVersion: security.istio.io/v1
        kind: AuthorizationPolicy
        metadata: { name: watched }
        spec:
          action: AUDIT
          rules: [ { to: [ { operation: { paths: [ /audited ] } } ] } ]
        ---
        apiVersion: security.istio.io/v1
        kind: AuthorizationPolicy
        metadata: { name: tried, annotations: { "istio.io/dry-run": "true" } }
        spec:
          action: DENY
          rules: [ { to: [ { operation: { paths: [ /dry ] } } ] } ]
        """;

    private readonly TestIssuer _issuer = new();

    public void Dispose() => _issuer.Dispose();

    [Fact]
    public async Task Claims_decide_and_a_claim_that_is_missing_of_another_kind_or_of_nobody_does_not()
    {
        await using var mesh = await StartAsync();
        var app = await mesh.StartWorkloadAsync("reviews");
        await Poll.UntilAsync(async () => await StatusAsync(app, "any-user") == 403, () => "the policies are not there");

        Assert.Equal(200, await StatusAsync(app, ""));
        foreach (var path in new[] { "any-user", "alice", "admins", "nested", "audience", "presenter", "elsewhere" })
        {
            Assert.Equal(403, await StatusAsync(app, path));
        }

        Assert.Equal(200, await StatusAsync(app, "any-user", new JsonObject()));
        Assert.Equal(200, await StatusAsync(app, "alice", new JsonObject()));
        Assert.Equal(403, await StatusAsync(app, "alice", new JsonObject { ["sub"] = "bob" }));
        Assert.Equal(403, await StatusAsync(app, "alice", new JsonObject { ["sub"] = "alice/x" }));
        Assert.Equal(200, await StatusAsync(app, "admins", new JsonObject { ["groups"] = "admins" }));
        Assert.Equal(200, await StatusAsync(app, "admins", new JsonObject { ["groups"] = new JsonArray("x", "admins") }));
        Assert.Equal(403, await StatusAsync(app, "admins", new JsonObject { ["groups"] = new JsonArray("x", "Admins", "admins2") }));
        Assert.Equal(403, await StatusAsync(app, "admins", new JsonObject { ["groups"] = new JsonObject { ["admins"] = true } }));
        Assert.Equal(403, await StatusAsync(app, "admins", new JsonObject { ["groups"] = 5 }));
        Assert.Equal(200, await StatusAsync(app, "nested", new JsonObject { ["realm"] = new JsonObject { ["roles"] = new JsonArray("editor") } }));
        Assert.Equal(403, await StatusAsync(app, "nested", new JsonObject { ["realm"] = new JsonArray("editor"), ["roles"] = "editor" }));
        Assert.Equal(403, await StatusAsync(app, "nested", new JsonObject { ["realm.roles"] = "editor" }));
        Assert.Equal(200, await StatusAsync(app, "audience", new JsonObject { ["aud"] = new JsonArray("x", "bookinfo") }));
        Assert.Equal(403, await StatusAsync(app, "audience", new JsonObject { ["aud"] = "bookinfo2" }));
        Assert.Equal(200, await StatusAsync(app, "presenter", new JsonObject { ["azp"] = "app-1" }));
        Assert.Equal(200, await StatusAsync(app, "not-bob", new JsonObject()));
        Assert.Equal(403, await StatusAsync(app, "not-bob", new JsonObject { ["sub"] = "bob" }));
    }

    [Fact]
    public async Task Audit_and_dry_run_refuse_nothing_and_say_what_they_saw()
    {
        await using var mesh = await StartAsync();
        var app = await mesh.StartWorkloadAsync("reviews");
        await Poll.UntilAsync(async () => await StatusAsync(app, "elsewhere") == 403, () => "the policies are not there");

        Assert.Equal(200, await StatusAsync(app, "audited"));
        Assert.Equal(200, await StatusAsync(app, "audited"));
        Assert.Equal(200, await StatusAsync(app, "dry"));

        var audited = app.Logs.Entries.Where(e => e.Id.Id == 3201).ToList();
        Assert.Equal(2, audited.Count);
        Assert.All(audited, e => Assert.Contains("AUDIT of GET /audited", e.Text, StringComparison.Ordinal));
        Assert.All(audited, e => Assert.Contains("watched", e.Text, StringComparison.Ordinal));
        var tried = Assert.Single(app.Logs.Entries, e => e.Id.Id == 3202);
        Assert.Contains("would refuse GET /dry", tried.Text, StringComparison.Ordinal);
        Assert.Contains("tried", tried.Text, StringComparison.Ordinal);
    }

    private Task<MeshEnvironment> StartAsync() => MeshEnvironment.StartAsync(
        ("services.yaml", Yaml.Service("reviews")), ("policies.yaml", Policies.Replace("KEYS", _issuer.KeySet, StringComparison.Ordinal)));

    private async Task<int> StatusAsync(WorkloadApp app, string path, JsonObject? claims = null)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"http://{app.EndPoint}/{path}"));
        if (claims is not null)
        {
            request.Headers.TryAddWithoutValidation("authorization", $"Bearer {_issuer.Token(TimeProvider.System.GetUtcNow(), claims)}");
        }

        using var answer = await client.SendAsync(request);
        return (int)answer.StatusCode;
    }
}
