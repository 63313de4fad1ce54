using ProxylessMesh.FunctionalTests.Fixture;

namespace ProxylessMesh.FunctionalTests.EndToEnd;

/// <summary>Every field of a VirtualService's match, from the file to the call. Each route answers with its own name.</summary>
public sealed class RouteMatchTests
{
    private const string Url = "http://reviews:9080";

    private static readonly (string Name, string Match)[] Matches =
    [
        ("other-port", "{ port: 81 }"),
        ("other-namespace", "{ sourceNamespace: prod }"),
        ("other-label", "{ sourceLabels: { app: ratings } }"),
        ("other-gateway", "{ gateways: [ edge ] }"),
        ("other-scheme", "{ scheme: { exact: https } }"),
        ("exact", "{ uri: { exact: /exact } }"),
        ("prefix", "{ uri: { prefix: /prefix/ } }"),
        ("regex", "{ uri: { regex: \"/v[0-9]+/x\" } }"),
        ("any-case", "{ uri: { prefix: /Case }, ignoreUriCase: true }"),
        ("any-case-exact", "{ uri: { exact: /Whole }, ignoreUriCase: true }"),
        ("method", "{ uri: { prefix: /m }, method: { exact: DELETE } }"),
        ("authority", "{ uri: { prefix: /auth }, authority: { exact: \"reviews.default:9080\" } }"),
        ("header", "{ uri: { prefix: /m }, headers: { x-a: { exact: b } } }"),
        ("header-there", "{ uri: { prefix: /m }, headers: { x-there: {} } }"),
        ("query", "{ uri: { prefix: /m }, queryParams: { q: { exact: \"1\" } } }"),
        ("query-regex", "{ uri: { prefix: /m }, queryParams: { q: { regex: \"[0-9]+\" } } }"),
        ("query-there", "{ uri: { prefix: /m }, queryParams: { there: {} } }"),
        ("without", "{ uri: { prefix: /absent }, withoutHeaders: { x-a: { exact: b } } }"),
        ("without-there", "{ uri: { prefix: /absent }, withoutHeaders: { x-c: {} } }"),
        ("source", "{ uri: { prefix: /source }, sourceNamespace: default, sourceLabels: { app: client }, port: 9080, gateways: [ mesh ], scheme: { exact: http } }"),
        ("rest", "{ uri: { prefix: / } }"),
    ];

    [Fact]
    public async Task Every_field_decides()
    {
        await using var mesh = await MeshEnvironment.StartAsync(
            ("services.yaml", Yaml.Service("reviews")),
            ("routes.yaml", Yaml.Routes("reviews", [.. Matches.Select(m => $"{{ match: [ {m.Match} ], directResponse: {{ status: 200, body: {{ string: {m.Name} }} }} }}")]).Replace(
                "hosts: [ reviews ]", "hosts: [ reviews ]\n  gateways: [ mesh, edge ]", StringComparison.Ordinal)));
        var client = await mesh.StartClientAsync(o => o.Workload.Labels["app"] = "client");
        (string Expected, string Method, string Path, string? Header)[] cases =
        [
            ("exact", "GET", "/exact", null),
            ("rest", "GET", "/exact/", null),
            ("exact", "GET", "/exact?a=b", null),
            ("prefix", "GET", "/prefix/x", null),
            ("rest", "GET", "/prefix", null),
            ("regex", "GET", "/v12/x", null),
            ("rest", "GET", "/v12/xy", null),
            ("any-case", "GET", "/cASE/x", null),
            ("any-case-exact", "GET", "/wHOLE", null),
            ("rest", "GET", "/wHOLE/x", null),
            ("method", "DELETE", "/m", null),
            ("header", "GET", "/m", "x-a: b"),
            ("rest", "GET", "/m", "x-a: c"),
            ("header-there", "GET", "/m", "x-there: c"),
            ("query", "GET", "/m?z=2&q=1", null),
            ("query-regex", "GET", "/m?q=23", null),
            ("rest", "GET", "/m?q=x", null),
            ("query-there", "GET", "/m?there", null),
            ("without", "GET", "/absent", null),
            ("without", "GET", "/absent", "x-a: c"),
            ("without-there", "GET", "/absent", "x-a: b"),
            ("source", "GET", "/source", null),
            ("rest", "GET", "/", null),
        ];
        await Poll.UntilAsync(async () => await AskAsync(client, "GET", "/source", null) == "source", () => "no routes");

        Assert.Equal(
            cases.Select(c => $"{c.Method} {c.Path} {c.Header}: {c.Expected}"),
            await Task.WhenAll(cases.Select(async c => $"{c.Method} {c.Path} {c.Header}: {await AskAsync(client, c.Method, c.Path, c.Header)}")));

        Assert.Equal("rest", await AskAsync(client, "GET", "/auth", null));
        Assert.Equal("authority", await client.Http.GetStringAsync(new Uri("http://reviews.default:9080/auth")));

        var stranger = await mesh.StartClientAsync();
        await Poll.UntilAsync(async () => await AskAsync(stranger, "GET", "/", null) == "rest", () => "no routes");
        Assert.Equal("rest", await AskAsync(stranger, "GET", "/source", null));
    }

    private static async Task<string> AskAsync(MeshClient client, string method, string path, string? header)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), Url + path);
        if (header?.Split(": ") is [var name, var value])
        {
            request.Headers.Add(name, value);
        }

        using var response = await client.Http.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }
}
