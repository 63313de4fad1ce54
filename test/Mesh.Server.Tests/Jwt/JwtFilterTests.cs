using System.Net;
using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ProxylessMesh.Server.Tests.Fixture;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.Tests.Jwt;

/// <summary>jwt_authn in front of a real app.</summary>
public sealed class JwtFilterTests : IDisposable
{
    private readonly FakeTime _time = new();
    private readonly TestIssuer _issuer = new();
    private readonly TestIssuer _other = new("RS256", "key-2", "https://other.test");

    private DateTimeOffset Now => _time.GetUtcNow();

    public void Dispose()
    {
        _issuer.Dispose();
        _other.Dispose();
    }

    [Fact]
    public async Task A_valid_token_passes_and_is_taken_away()
    {
        await using var app = await StartAsync(Provider(_issuer));
        Assert.Equal("alice - -", await TextAsync(app, Bearer(_issuer.Token(Now))));
    }

    [Fact]
    public async Task No_token_is_no_fault()
    {
        await using var app = await StartAsync(Provider(_issuer));
        Assert.Equal("nobody - -", await TextAsync(app, _ => { }));
        Assert.Equal("nobody Basic YTpi -", await TextAsync(app, r => r.Headers.TryAddWithoutValidation("authorization", "Basic YTpi")));
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("a.b.c")]
    public async Task What_is_no_token_is_refused_with_a_challenge(string token)
    {
        await using var app = await StartAsync(Provider(_issuer));
        using var answer = await SendAsync(app, r => r.Headers.TryAddWithoutValidation("authorization", $"Bearer {token}"));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("Jwt is not three parts of base64url with two dots\n", await answer.Content.ReadAsStringAsync());
        Assert.Equal($"Bearer realm=\"{app.Address}/claims\", error=\"invalid_token\"", answer.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task Wrong_tokens_are_refused_each_for_its_reason()
    {
        await using var app = await StartAsync(Provider(_issuer) with { Audiences = ["bookinfo"] });
        using var stranger = new TestIssuer();
        var ours = new JsonObject { ["aud"] = "bookinfo" };

        await RefusedAsync(app, _issuer.Token(Now.AddHours(-2), ours), 401, "Jwt is expired");
        await RefusedAsync(app, _issuer.Token(Now, new JsonObject { ["aud"] = "bookinfo", ["nbf"] = Now.AddMinutes(5).ToUnixTimeSeconds() }), 401, "Jwt not yet valid");
        await RefusedAsync(app, _issuer.Token(Now, new JsonObject { ["aud"] = "else" }), 403, "Audiences in Jwt are not allowed");
        await RefusedAsync(app, _other.Token(Now, ours), 401, "Jwt issuer is not configured");
        await RefusedAsync(app, stranger.Token(Now, ours), 401, "Jwt verification fails");
        await RefusedAsync(app, _issuer.Sign($$"""{"iss":"{{_issuer.Issuer}}","aud":"bookinfo"}""", """{"alg":"ES256","kid":"../../key-1"}"""), 401, "Jwks doesn't have a key for the kid and alg of the Jwt");
        Assert.Equal("alice - -", await TextAsync(app, Bearer(_issuer.Token(Now, ours))));
    }

    [Fact]
    public async Task With_two_tokens_both_must_be_valid()
    {
        await using var app = await StartAsync(Provider(_issuer));
        var good = _issuer.Token(Now);
        var bad = _issuer.Token(Now.AddHours(-2));
        foreach (var (header, query) in new[] { (good, bad), (bad, good) })
        {
            using var answer = await SendAsync(app, Bearer(header), $"/claims?access_token={query}");
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }

        using var lines = await SendAsync(app, r => r.Headers.TryAddWithoutValidation("authorization", [$"Bearer {good}", $"Bearer {bad}"]));
        Assert.Equal(HttpStatusCode.Unauthorized, lines.StatusCode);
        using var both = await SendAsync(app, Bearer(good), $"/claims?access_token={good}&a=b");
        Assert.Equal("alice - ?a=b", await both.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Tokens_come_from_headers_parameters_and_cookies()
    {
        await using var app = await StartAsync(Provider(_issuer) with
        {
            Headers = [new("x-token", ""), new("x-prefixed", "Token:")],
            Parameters = ["jwt"],
            Cookies = ["session"],
        });
        var token = _issuer.Token(Now);
        Assert.Equal("alice - -", await TextAsync(app, r => r.Headers.Add("x-token", token)));
        Assert.Equal("alice - -", await TextAsync(app, r => r.Headers.Add("x-prefixed", $"Token:{token}")));
        Assert.Equal("alice - -", await TextAsync(app, r => r.Headers.Add("cookie", $"session={token}")));
        using var query = await SendAsync(app, _ => { }, $"/claims?a=%20b&jwt={token}&c");
        Assert.Equal("alice - ?a=%20b&c=", await query.Content.ReadAsStringAsync());

        // Where nobody looks for a token, there is none.
        Assert.StartsWith("nobody", await TextAsync(app, Bearer(token)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_is_forwarded_when_told()
    {
        await using var app = await StartAsync(Provider(_issuer) with { Forward = true });
        var token = _issuer.Token(Now);
        Assert.Equal($"alice Bearer {token} -", await TextAsync(app, Bearer(token)));
    }

    [Fact]
    public async Task Claims_become_headers_that_no_client_can_set()
    {
        await using var app = await StartAsync(Provider(_issuer) with
        {
            PayloadHeader = "x-payload",
            ClaimHeaders = [new("x-user", "sub"), new("x-level", "a.level"), new("x-list", "list"), new("x-evil", "evil")],
        });
        var claims = new JsonObject { ["a"] = new JsonObject { ["level"] = 7 }, ["list"] = new JsonArray("x"), ["evil"] = "a\r\nx-admin: yes" };
        using var answer = await SendAsync(app, r => Bearer(_issuer.Token(Now, claims))(Forge(r)), "/headers");
        var seen = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.Equal("alice", (string?)seen["x-user"]);
        Assert.Equal("7", (string?)seen["x-level"]);
        Assert.Null(seen["x-list"]);
        Assert.Null(seen["x-evil"]);
        Assert.Contains("https://issuer.test", System.Text.Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars((string)seen["x-payload"]!)), StringComparison.Ordinal);

        using var without = await SendAsync(app, r => Forge(r), "/headers");
        seen = JsonNode.Parse(await without.Content.ReadAsStringAsync())!;
        Assert.Null(seen["x-user"]);
        Assert.Null(seen["x-payload"]);

        static HttpRequestMessage Forge(HttpRequestMessage request)
        {
            foreach (var name in (string[])["x-user", "X-Payload", "x-list", "x-evil"])
            {
                request.Headers.Add(name, "root");
            }

            return request;
        }
    }

    [Fact]
    public async Task Of_several_issuers_each_verifies_its_own()
    {
        await using var app = await StartAsync(Provider(_issuer), Provider(_other));
        Assert.Equal("alice - -", await TextAsync(app, Bearer(_issuer.Token(Now))));
        Assert.Equal("bob - -", await TextAsync(app, Bearer(_other.Token(Now, new JsonObject { ["sub"] = "bob" }))));
        Assert.StartsWith("nobody", await TextAsync(app, _ => { }), StringComparison.Ordinal);
        await RefusedAsync(app, _other.Token(Now.AddHours(-2)), 401, "Jwt is expired");
        using var third = new TestIssuer(issuer: "https://third.test");
        await RefusedAsync(app, third.Token(Now), 401, "Jwt issuer is not configured");
    }

    [Fact]
    public async Task A_token_that_was_verified_ends_when_it_says()
    {
        await using var app = await StartAsync(Provider(_issuer));
        var token = _issuer.Token(Now);
        Assert.StartsWith("alice", await TextAsync(app, Bearer(token)), StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromMinutes(62));
        await RefusedAsync(app, token, 401, "Jwt is expired");
    }

    [Fact]
    public async Task Replaced_keys_no_longer_verify_what_they_once_did()
    {
        var mesh = Mesh(Provider(_issuer));
        await using var app = await StartAsync(mesh);
        var token = _issuer.Token(Now);
        Assert.StartsWith("alice", await TextAsync(app, Bearer(token)), StringComparison.Ordinal);

        using var next = new TestIssuer("ES256", "key-3");
        mesh.Push(name => Listeners.Filtered(name, Filter(Provider(next))));
        await RefusedAsync(app, token, 401, "Jwks doesn't have a key for the kid and alg of the Jwt");
        Assert.StartsWith("alice", await TextAsync(app, Bearer(next.Token(Now))), StringComparison.Ordinal);

        mesh.Push(name => Listeners.Filtered(name, Filter(Provider(next) with { KeySet = "{\"keys\":[]}" })));
        await RefusedAsync(app, next.Token(Now), 401, "Jwks of the issuer could not be fetched");
        Assert.Contains(app.Logs.Entries, e => e.Id.Id == 3251);
    }

    [Fact]
    public async Task A_grpc_call_gets_UNAUTHENTICATED()
    {
        await using var app = await StartAsync(Provider(_issuer));
        using var client = Callers.Plaintext(app, HttpVersion.Version20);
        using var call = new HttpRequestMessage(HttpMethod.Post, "/bookinfo.Reviews/Get") { Version = HttpVersion.Version20 };
        call.Headers.TryAddWithoutValidation("authorization", "Bearer x");
        call.Content = new ByteArrayContent([0, 0, 0, 0, 0]);
        call.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");

        using var answer = await client.SendAsync(call);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("16", Assert.Single(answer.Headers.GetValues("grpc-status")));
    }

    [Fact]
    public async Task A_cors_preflight_passes_without_a_token_and_without_forged_headers()
    {
        await using var app = await StartAsync(Provider(_issuer));
        using var client = Callers.Plaintext(app, HttpVersion.Version11);
        using var preflight = new HttpRequestMessage(HttpMethod.Options, "/claims");
        preflight.Headers.Add("origin", "https://shop.test");
        preflight.Headers.Add("access-control-request-method", "GET");
        preflight.Headers.TryAddWithoutValidation("authorization", "Bearer x");
        using var answer = await client.SendAsync(preflight);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
    }

    [Fact]
    public async Task A_token_makes_nobody_look_like_a_workload()
    {
        await using var app = await StartAsync(Provider(_issuer));
        var claims = new JsonObject
        {
            [ClaimTypes.NameIdentifier] = "spiffe://cluster.local/ns/default/sa/admin",
            ["source.namespace"] = "istio-system",
            ["scope"] = "a b",
        };
        using var answer = await SendAsync(app, Bearer(_issuer.Token(Now, claims)), "/user");
        Assert.Equal("exp,iat,iss,scope,scope,sub", await answer.Content.ReadAsStringAsync());
    }

    private static JwtProviderConfig Provider(TestIssuer issuer) => new(issuer.KeyId, issuer.Issuer, issuer.KeySet)
    {
        ClockSkew = TimeSpan.FromSeconds(60),
        PublishesPayload = true,
        SpaceDelimitedClaims = ["scope"],
    };

    /// <summary>In the shape that Istio gives it.</summary>
    private static JwtFilterConfig Filter(params JwtProviderConfig[] providers)
    {
        JwtRequirementConfig[] each = [.. providers.Select(p => new JwtTokenRequirementConfig(p.Name))];
        JwtRequirementConfig[] orMissing = [.. each.Select(e => new JwtAnyOfRequirementConfig([e, new JwtOptionalRequirementConfig(EvenIfInvalid: false)]))];
        var requirement = providers.Length == 1 ? orMissing[0] : new JwtAnyOfRequirementConfig([.. each, new JwtAllOfRequirementConfig([.. orMissing])]);
        return new JwtFilterConfig("jwt")
        {
            Providers = [.. providers],
            Rules = [new JwtRuleConfig(new PathMatchConfig(PathMatchKind.Prefix, "/"), requirement)],
            BypassCorsPreflight = true,
        };
    }

    private ScriptedMesh Mesh(params JwtProviderConfig[] providers) => new(name => Listeners.Filtered(name, Filter(providers))) { Time = _time };

    private Task<MeshApp> StartAsync(params JwtProviderConfig[] providers) => StartAsync(Mesh(providers));

    private static Task<MeshApp> StartAsync(ScriptedMesh mesh) => MeshApp.StartAsync(mesh, map: app =>
    {
        app.MapGet("/claims", (HttpContext c) =>
            $"{c.User.FindFirst("sub")?.Value ?? "nobody"} {Or(c.Request.Headers.Authorization)} {Or(c.Request.QueryString.Value)}");
        app.MapGet("/headers", (HttpContext c) => c.Request.Headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value.ToString()));
        app.MapGet("/user", (HttpContext c) => string.Join(',', c.User.Claims.Select(claim => claim.Type).Order(StringComparer.Ordinal)));

        static string Or(string? text) => string.IsNullOrEmpty(text) ? "-" : text;
    });

    private static Action<HttpRequestMessage> Bearer(string token) => r => r.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);

    private static async Task<HttpResponseMessage> SendAsync(MeshApp app, Action<HttpRequestMessage> prepare, string path = "/claims")
    {
        using var client = Callers.Plaintext(app, HttpVersion.Version11);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        prepare(request);
        return await client.SendAsync(request);
    }

    private static async Task<string> TextAsync(MeshApp app, Action<HttpRequestMessage> prepare)
    {
        using var answer = await SendAsync(app, prepare);
        return await answer.Content.ReadAsStringAsync();
    }

    private static async Task RefusedAsync(MeshApp app, string token, int status, string reason)
    {
        using var answer = await SendAsync(app, Bearer(token));
        Assert.Equal((status, reason + "\n"), ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync()));
    }
}
