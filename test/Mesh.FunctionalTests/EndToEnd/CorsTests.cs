using ProxylessMesh.FunctionalTests.Fixture;

namespace ProxylessMesh.FunctionalTests.EndToEnd;

public sealed class CorsTests
{
    private const string Url = "http://reviews:9080/";
    private const string Policy = "corsPolicy: { allowOrigins: [ { exact: https://shop } ], allowMethods: [ GET ], exposeHeaders: [ x-count ], maxAge: 1h, allowCredentials: true, unmatchedPreflights: IGNORE }";

    [Fact]
    public async Task A_route_answers_preflights_and_says_who_may_read_its_responses()
    {
        await using var mesh = await MeshEnvironment.StartAsync(
            ("services.yaml", Yaml.Service("reviews")),
            ("routes.yaml", Yaml.Routes(
                "reviews",
                $"{{ match: [ {{ uri: {{ prefix: /gone }} }} ], redirect: {{ uri: /here }}, {Policy} }}",
                $"{{ route: [ {{ destination: {{ host: reviews }} }} ], {Policy} }}")));
        await mesh.StartWorkloadAsync("reviews");
        var client = await mesh.StartClientAsync();
        await client.UntilAsync(Url, a => a.Workload == "reviews-v1");

        using var preflight = await SendAsync(client, HttpMethod.Options, Url, ("Origin", "https://shop"), ("Access-Control-Request-Method", "GET"));
        Assert.Equal(
            ["Access-Control-Allow-Credentials: true", "Access-Control-Allow-Methods: GET", "Access-Control-Allow-Origin: https://shop", "Access-Control-Max-Age: 3600"],
            Headers(preflight));
        Assert.Empty(await preflight.Content.ReadAsByteArrayAsync());

        using var stranger = await SendAsync(client, HttpMethod.Options, Url, ("Origin", "https://evil"), ("Access-Control-Request-Method", "GET"));
        Assert.Equal(200, (int)stranger.StatusCode);
        Assert.Empty(Headers(stranger));

        foreach (var url in new[] { Url, $"{Url}gone" })
        {
            using var response = await SendAsync(client, HttpMethod.Get, url, ("Origin", "https://shop"));
            Assert.Equal(
                ["Access-Control-Allow-Credentials: true", "Access-Control-Allow-Origin: https://shop", "Access-Control-Expose-Headers: x-count"],
                Headers(response));
        }

        using var same = await SendAsync(client, HttpMethod.Get, Url);
        Assert.Empty(Headers(same));
    }

    private static Task<HttpResponseMessage> SendAsync(MeshClient client, HttpMethod method, string url, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, url);
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return client.Http.SendAsync(request);
    }

    private static IEnumerable<string> Headers(HttpResponseMessage response) => response.Headers
        .Where(h => h.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase))
        .Select(h => $"{h.Key}: {string.Join(", ", h.Value)}")
        .Order(StringComparer.Ordinal);
}
