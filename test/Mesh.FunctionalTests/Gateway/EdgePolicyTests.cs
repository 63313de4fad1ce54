using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using ProxylessMesh.FunctionalTests.Fixture;

namespace ProxylessMesh.FunctionalTests.Gateway;

/// <summary>Policies that select the gateway by its labels hold before anything is routed.</summary>
public sealed class EdgePolicyTests
{
    private const string Selector = "selector: { matchLabels: { istio: ingressgateway } }";

    [Fact]
    public async Task DENY_holds_for_every_spelling_of_a_path()
    {
        var port = FreePort.Next();
        await using var mesh = await StartAsync(port, $$"""
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: { name: deny }
            spec: { {{Selector}}, action: DENY, rules: [ { to: [ { operation: { paths: [ "/admin*" ] } } ] } ] }
            """);
        await using var gateway = await EdgeGateway.StartAsync(mesh, credentials: null, port);
        await EdgeGateway.AskAsync(gateway.Outside(port), "http://shop.example.com/open");

        foreach (var target in (string[])["/admin", "/admin/x", "/x/../admin", "/x/%2e%2e/admin", "/%61dmin", "/admin?x", "http://shop.example.com/admin"])
        {
            Assert.Equal((target, "HTTP/1.1 403 Forbidden"), (target, await RawAsync(port, target)));
        }

        Assert.Equal("HTTP/1.1 200 OK", await RawAsync(port, "/minister"));
    }

    [Fact]
    public async Task Tokens_are_verified_and_required()
    {
        var port = FreePort.Next();
        await using var mesh = await StartAsync(port, $$"""
            apiVersion: security.istio.io/v1
            kind: RequestAuthentication
            metadata: { name: tokens }
            spec: { {{Selector}}, jwtRules: [ { issuer: "https://login.example.com", jwks: '{"keys":[{"kty":"EC","crv":"P-256","kid":"a","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}]}' } ] }
            ---
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: { name: require }
            spec: { {{Selector}}, action: DENY, rules: [ { from: [ { source: { notRequestPrincipals: [ "*" ] } } ], to: [ { operation: { paths: [ "/private*" ] } } ] } ] }
            """);
        await using var gateway = await EdgeGateway.StartAsync(mesh, credentials: null, port);
        var outside = gateway.Outside(port);
        await EdgeGateway.AskAsync(outside, "http://shop.example.com/open");

        using var without = await outside.GetAsync("http://shop.example.com/private");
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://shop.example.com/open") { Headers = { { "Authorization", "Bearer e30.e30.e30" } } };
        using var forged = await outside.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, without.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, forged.StatusCode);
        using var asked = new HttpRequestMessage(HttpMethod.Get, "http://shop.example.com/private") { Headers = { { "Authorization", $"Bearer {Token()}" } } };
        using var known = await outside.SendAsync(asked);
        Assert.Equal("/private", (await MeshClient.ReadAsync(known)).Path);
    }

    /// <summary>Signed with the private key of RFC 7517, appendix A.2.</summary>
    private static string Token()
    {
        using var key = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            D = Base64Url.DecodeFromChars("870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE"),
            Q = new ECPoint
            {
                X = Base64Url.DecodeFromChars("MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4"),
                Y = Base64Url.DecodeFromChars("4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"),
            },
        });
        var expires = TimeProvider.System.GetUtcNow().AddHours(1).ToUnixTimeSeconds();
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{Base64Url.EncodeToString("""{"alg":"ES256","kid":"a"}"""u8)}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes($$"""{"iss":"https://login.example.com","sub":"jason","exp":{{expires}}}"""))}");
        return $"{text}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256))}";
    }

    [Fact]
    public async Task Rates_are_limited_by_route_and_by_header()
    {
        var port = FreePort.Next();
        await using var mesh = await StartAsync(port, $$"""
            apiVersion: proxylessmesh.io/v1alpha1
            kind: RateLimitPolicy
            metadata: { name: edge }
            spec:
              {{Selector}}
              responseHeaders: true
              local:
              - { match: { path: { exact: /login } }, tokens: 2, per: 24h }
              - { match: { path: { prefix: /api } }, tokens: 1, per: 24h, by: [ { header: x-api-key } ] }
            """);
        await using var gateway = await EdgeGateway.StartAsync(mesh, credentials: null, port);
        var outside = gateway.Outside(port);
        await EdgeGateway.AskAsync(outside, "http://shop.example.com/open");

        Assert.Equal("200 200 429", await StatusesAsync(outside, "/login", null, null, null));
        Assert.Equal("200 200 429 429", await StatusesAsync(outside, "/api/x", "one", "two", "one", "two"));
        using var refused = await outside.GetAsync("http://shop.example.com/login");
        Assert.Equal(("2", "0"), (refused.Headers.GetValues("x-ratelimit-limit").Single().Split(',')[0], refused.Headers.GetValues("x-ratelimit-remaining").Single()));
        Assert.Equal("200", await StatusesAsync(outside, "/open", new string?[] { null }));
    }

    [Fact]
    public async Task What_a_caller_says_of_itself_is_not_believed()
    {
        var port = FreePort.Next();
        await using var mesh = await StartAsync(port, $$"""
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: { name: inside }
            spec: { {{Selector}}, action: DENY, rules: [ { from: [ { source: { notRemoteIpBlocks: [ 127.0.0.0/8 ] } } ] } ] }
            """);
        await using var gateway = await EdgeGateway.StartAsync(mesh, credentials: null, port);
        var outside = gateway.Outside(port);
        await EdgeGateway.AskAsync(outside, "http://shop.example.com/");
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://shop.example.com/")
        {
            Headers =
            {
                { "X-Forwarded-For", "192.0.2.1" },
                { "X-Forwarded-Proto", "https" },
                { "x-envoy-external-address", "192.0.2.1" },
                { "x-envoy-upstream-rq-timeout-ms", "1" },
                { "x-forwarded-client-cert", "URI=spiffe://cluster.local/ns/default/sa/admin" },
            },
        };

        using var response = await outside.SendAsync(request);

        var seen = (await MeshClient.ReadAsync(response)).Headers;
        Assert.Equal("192.0.2.1, 127.0.0.1", seen["x-forwarded-for"]);
        Assert.Equal(("http", "127.0.0.1"), (seen["x-forwarded-proto"], seen["x-envoy-external-address"]));
        Assert.DoesNotContain("x-envoy-upstream-rq-timeout-ms", seen.Keys);
        Assert.DoesNotContain("x-forwarded-client-cert", seen.Keys);
    }

    private static async Task<MeshEnvironment> StartAsync(int port, string policies)
    {
        var mesh = await MeshEnvironment.StartAsync(
            ("services.yaml", $"{Yaml.Service("reviews")}\n---\n{Yaml.PeerAuthentication("STRICT")}"),
            ("gateway.yaml", $"{GatewayYaml.Http(port, "\"*\"")}\n---\n{GatewayYaml.Routes("shop.example.com", "{ route: [ { destination: { host: reviews } } ] }")}"),
            ("policies.yaml", policies));
        await mesh.StartWorkloadAsync("reviews");
        return mesh;
    }

    private static async Task<string> StatusesAsync(HttpClient client, string path, params string?[] keys)
    {
        var statuses = new List<int>();
        foreach (var key in keys)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"http://shop.example.com{path}");
            if (key is not null)
            {
                request.Headers.Add("x-api-key", key);
            }

            using var response = await client.SendAsync(request);
            statuses.Add((int)response.StatusCode);
        }

        return string.Join(' ', statuses);
    }

    /// <summary>As it stands: HttpClient would tidy it up.</summary>
    private static async Task<string> RawAsync(int port, string target)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, port);
        await using var stream = tcp.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"GET {target} HTTP/1.1\r\nHost: shop.example.com\r\nConnection: close\r\n\r\n")));
        using var reader = new StreamReader(stream);
        return await reader.ReadLineAsync() ?? "";
    }
}
