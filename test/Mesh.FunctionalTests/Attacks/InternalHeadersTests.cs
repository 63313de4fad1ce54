using System.Net;
using System.Net.Http.Json;
using ProxylessMesh.FunctionalTests.Fixture;

namespace ProxylessMesh.FunctionalTests.Attacks;

/// <summary>Headers by which proxies tell each other things: no client becomes, sees or reaches anything by sending them itself.</summary>
public sealed class InternalHeadersTests(AttackedMesh mesh) : IClassFixture<AttackedMesh>
{
    private const string Reviews = "http://reviews:9080";
    private const string Forged = "By=spiffe://cluster.local/ns/default/sa/reviews;Hash=00;URI=spiffe://cluster.local/ns/default/sa/admin";

    [Theory]
    [InlineData("x-forwarded-client-cert")]
    [InlineData("X-Forwarded-Client-Cert")]
    public async Task A_client_certificate_in_a_header_does_not_reach_the_app(string name)
    {
        var byPlaintext = await AskAsync($"http://{mesh.App.EndPoint}/", (name, Forged));
        var byWorkload = await mesh.Client.AskAsync(Reviews + "/", (name, Forged));

        Assert.Null(byPlaintext.Peer);
        Assert.DoesNotContain("x-forwarded-client-cert", byPlaintext.Headers.Keys);
        Assert.EndsWith("/sa/client", byWorkload.Peer, StringComparison.Ordinal);
        Assert.DoesNotContain("x-forwarded-client-cert", byWorkload.Headers.Keys);
    }

    [Theory]
    [InlineData("x-forwarded-for")]
    [InlineData("x_forwarded_for")]
    [InlineData("forwarded")]
    [InlineData("x-real-ip")]
    [InlineData("true-client-ip")]
    [InlineData("x-envoy-external-address")]
    public async Task An_address_in_a_header_is_not_where_a_request_comes_from(string name)
    {
        var value = name == "forwarded" ? "for=10.1.1.1" : "10.1.1.1";

        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync("/inside", (name, value)));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync("/inside", (name, value), ("x-envoy-internal", "true")));
    }

    [Theory]
    [InlineData("x-original-url")]
    [InlineData("x-rewrite-url")]
    [InlineData("x-envoy-original-path")]
    [InlineData("x-envoy-original-url")]
    [InlineData("x-forwarded-prefix")]
    [InlineData("x-forwarded-host")]
    [InlineData("x-http-method-override")]
    public async Task A_path_or_method_in_a_header_changes_neither_decision_nor_app(string name)
    {
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync("/admin", (name, "/app")));
        Assert.Equal("/app", (await AskAsync($"http://{mesh.App.EndPoint}/app", (name, "/admin"))).Path);
    }

    [Theory]
    [InlineData("x-user")]
    [InlineData("X-USER")]
    public async Task A_header_that_claims_go_to_is_nobodys_to_send(string name)
    {
        Assert.DoesNotContain("x-user", (await AskAsync($"http://{mesh.App.EndPoint}/", (name, "admin"))).Headers.Keys);
        Assert.DoesNotContain("x-user", (await mesh.Client.AskAsync(Reviews + "/", (name, "admin"))).Headers.Keys);
    }

    [Theory]
    [InlineData("x-envoy-upstream-rq-timeout-ms", "1")]
    [InlineData("x-envoy-max-retries", "100")]
    [InlineData("x-envoy-fault-abort-request", "503")]
    [InlineData("x-envoy-fault-delay-request", "60000")]
    [InlineData("x-envoy-decorator-operation", "x")]
    [InlineData("x-envoy-peer-metadata-id", "x")]
    [InlineData("grpc-timeout", "1n")]
    public async Task Instructions_to_a_proxy_are_not_followed(string name, string value) =>
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/", (name, value)));

    private async Task<HttpStatusCode> StatusAsync(string path, params (string Name, string Value)[] headers)
    {
        using var answer = await SendAsync($"http://{mesh.App.EndPoint}{path}", headers);
        return answer.StatusCode;
    }

    private static async Task<Answer> AskAsync(string url, params (string Name, string Value)[] headers)
    {
        using var answer = await SendAsync(url, headers);
        return (await answer.Content.ReadFromJsonAsync<Answer>())!;
    }

    private static async Task<HttpResponseMessage> SendAsync(string url, (string Name, string Value)[] headers)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await client.SendAsync(request);
    }
}
