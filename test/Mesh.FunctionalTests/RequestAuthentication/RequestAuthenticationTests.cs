using System.Net;
using System.Text.Json.Nodes;
using ProxylessMesh.ControlPlane.JsonWebKeys;
using ProxylessMesh.FunctionalTests.Fixture;
using ProxylessMesh.Testing;

namespace ProxylessMesh.FunctionalTests.RequestAuthentication;

/// <summary>From YAML over a real control plane to a real app.</summary>
public sealed class RequestAuthenticationTests : IDisposable
{
    private readonly TestIssuer _issuer = new();

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public void Dispose() => _issuer.Dispose();

    [Fact]
    public async Task Tokens_are_judged_by_the_policy_and_by_its_edits()
    {
        await using var mesh = await StartAsync(Policy(_issuer.Issuer, $"jwks: '{_issuer.KeySet}'"));
        var app = await mesh.StartWorkloadAsync("reviews");

        await UntilAsync(app, _issuer.Token(Now), 200);
        Assert.Equal(200, await StatusAsync(app, null));
        Assert.Equal(401, await StatusAsync(app, _issuer.Token(Now.AddHours(-3))));
        Assert.Equal(401, await StatusAsync(app, "nonsense"));

        mesh.Write("jwt.yaml", Policy(_issuer.Issuer, $"jwks: '{_issuer.KeySet}'", "audiences: [ bookinfo ]"));
        await UntilAsync(app, _issuer.Token(Now), 403);
        Assert.Equal(200, await StatusAsync(app, _issuer.Token(Now, new JsonObject { ["aud"] = new JsonArray("x", "bookinfo") })));
    }

    [Fact]
    public async Task A_policy_speaks_only_for_whom_it_selects()
    {
        await using var mesh = await StartAsync(Policy(_issuer.Issuer, $"jwks: '{_issuer.KeySet}'"), selector: "selector: { matchLabels: { app: ratings } }");
        var reviews = await mesh.StartWorkloadAsync("reviews");
        var ratings = await mesh.StartWorkloadAsync("ratings");

        await UntilAsync(ratings, "nonsense", 401);
        Assert.Equal(200, await StatusAsync(reviews, "nonsense"));
    }

    [Fact]
    public async Task Keys_are_discovered_rotated_and_kept_when_their_server_is_down()
    {
        await using var server = await KeyServer.StartAsync();

        using var old = new TestIssuer("ES256", "old", server.Issuer);
        using var next = new TestIssuer("RS256", "next", server.Issuer);
        server.Keys = old.KeySet;
        await using var mesh = await MeshEnvironment.StartAsync(
            options => options with { KeySets = new KeySetLimits { Refresh = TimeSpan.FromMilliseconds(50), FirstRetry = TimeSpan.FromMilliseconds(20) } },
            ("services.yaml", Yaml.Service("reviews")),
            ("jwt.yaml", Policy(server.Issuer)));
        var app = await mesh.StartWorkloadAsync("reviews");
        await UntilAsync(app, old.Token(Now), 200);

        server.Keys = TestIssuer.SetOf(old, next);
        await UntilAsync(app, next.Token(Now), 200);
        Assert.Equal(200, await StatusAsync(app, old.Token(Now)));

        server.Keys = null;
        await Poll.UntilAsync(() => mesh.Logs.Entries.Any(e => e.Id.Id == 4411), "the failure was not logged");
        Assert.Equal(200, await StatusAsync(app, next.Token(Now)));

        server.Keys = next.KeySet;
        await UntilAsync(app, old.Token(Now), 401);
        Assert.Equal(200, await StatusAsync(app, next.Token(Now)));
    }

    [Fact]
    public async Task Until_the_keys_are_known_tokens_are_refused_and_no_storm_of_them_fetches_keys()
    {
        await using var server = await KeyServer.StartAsync();
        server.Keys = null;
        await using var mesh = await StartAsync(Policy(server.Issuer, $"jwksUri: {server.Issuer}/keys"));
        var app = await mesh.StartWorkloadAsync("reviews");
        using var issuer = new TestIssuer("ES256", "key-1", server.Issuer);
        await UntilAsync(app, issuer.Token(Now), 401);
        Assert.Equal(200, await StatusAsync(app, null));

        server.Keys = issuer.KeySet;
        await UntilAsync(app, issuer.Token(Now), 200);
        var fetches = server.Fetches;
        for (var i = 0; i < 200; i++)
        {
            using var unknown = new TestIssuer("ES256", $"unknown-{i % 5}", server.Issuer);
            Assert.Equal(401, await StatusAsync(app, unknown.Token(Now)));
        }

        Assert.Equal(fetches, server.Fetches);
    }

    private static Task<MeshEnvironment> StartAsync(string policy, string selector = "") => MeshEnvironment.StartAsync(
        ("services.yaml", $"{Yaml.Service("reviews")}\n---\n{Yaml.Service("ratings")}"),
        ("jwt.yaml", policy.Replace("spec:", $"spec:\n  {selector}", StringComparison.Ordinal)));

    private static string Policy(string issuer, params string[] fields) => $"""
        apiVersion: security.istio.io/v1
        kind: RequestAuthentication
        metadata:
          name: jwt
          namespace: default
        spec:
          jwtRules:
          - issuer: {issuer}
            {string.Join("\n    ", fields)}
        """;

    private static Task UntilAsync(WorkloadApp app, string token, int status) =>
        Poll.UntilAsync(async () => await StatusAsync(app, token) == status, () => $"the answer is not {status}");

    private static async Task<int> StatusAsync(WorkloadApp app, string? token)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"http://{app.EndPoint}/"));
        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("authorization", $"Bearer {token}");
        }

        using var answer = await client.SendAsync(request);
        return (int)answer.StatusCode;
    }
}
