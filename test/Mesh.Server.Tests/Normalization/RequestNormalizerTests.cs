using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using ProxylessMesh.Server.Tests.Fixture;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.Tests.Normalization;

/// <summary>Raw requests at a real Kestrel: what the policy decides about is what the app sees (performance.md 3.3).</summary>
public sealed class RequestNormalizerTests
{
    private static readonly PathNormalizationConfig Base = new(Normalize: true, MergeSlashes: false, EscapedSlashes.Keep);

    [Theory]
    [InlineData("GET /app/..\\admin", "GET /admin [/admin]")]
    [InlineData("GET /app/%2E%2e/%61dmin?x=%2e", "GET /admin [/admin?x=%2e]")]
    [InlineData("GET /a%2fb", "GET /a%2Fb [/a%2Fb]")]
    [InlineData("GET /a%20b", "GET /a b [/a%20b]")]
    [InlineData("GET /plain", "GET /plain [/plain]")]
    [InlineData("GET //plain", "GET //plain [//plain]")]
    [InlineData("GET http://reviews/app/..%2fadmin", "GET /admin [/admin]")]
    [InlineData("get /plain", "GET /plain [/plain]")]
    [InlineData("OPTIONS *", "OPTIONS  [*]")]
    public async Task The_app_sees_the_path_that_was_decided_about(string line, string seen)
    {
        await using var app = await StartAsync(http => http with { PathNormalization = Base });

        Assert.Equal(seen, (await AskAsync(app, line)).Body);
    }

    [Theory]
    [InlineData("GET /admin#x")]
    [InlineData("GET /app#/../admin")]
    [InlineData("GET /app?x#y")]
    public async Task A_fragment_is_refused(string line)
    {
        await using var app = await StartAsync(http => http with { PathNormalization = Base });

        Assert.Equal(400, (await AskAsync(app, line)).Status);
    }

    [Theory]
    [InlineData("Reviews.Foo.", "Reviews.Foo")]
    [InlineData("reviews.:9080", "reviews:9080")]
    [InlineData("[::1]:80", "[::1]:80")]
    [InlineData("reviews", "reviews")]
    public async Task A_host_loses_the_dot_of_an_absolute_name(string host, string seen)
    {
        await using var app = await StartAsync(http => http with { StripHostDot = true });

        Assert.Equal(seen, (await AskAsync(app, "GET /host", host)).Body);
    }

    [Theory]
    [InlineData((int)HostPortStripping.Always, "reviews:9080", "reviews")]
    [InlineData((int)HostPortStripping.Always, "[::1]:80", "[::1]")]
    [InlineData((int)HostPortStripping.Always, "[::1]", "[::1]")]
    [InlineData((int)HostPortStripping.Matching, "reviews:9080", "reviews:9080")]
    [InlineData((int)HostPortStripping.Matching, "reviews:PORT", "reviews")]
    public async Task A_host_can_lose_its_port(int stripping, string host, string seen)
    {
        await using var app = await StartAsync(http => http with { HostPort = (HostPortStripping)stripping });
        var port = app.EndPoint.Port.ToString(System.Globalization.CultureInfo.InvariantCulture);

        Assert.Equal(seen, (await AskAsync(app, "GET /host", host.Replace("PORT", port, StringComparison.Ordinal))).Body);
    }

    [Fact]
    public async Task Two_hosts_are_refused()
    {
        await using var app = await StartAsync(http => http with { StripHostDot = true });

        Assert.Equal(400, (await AskAsync(app, "GET /host", "a\r\nHost: b")).Status);
    }

    [Fact]
    public async Task An_endpoint_that_was_chosen_by_the_path_as_it_came_is_not_called()
    {
        await using var app = await StartAsync(
            http => http with { PathNormalization = Base },
            a =>
            {
                a.UseRouting();
                a.UseMesh();
                a.MapGet("/admin/{**rest}", () => "admin");
            });

        Assert.Equal("admin", (await AskAsync(app, "GET /admin/x")).Body);
        Assert.Equal(404, (await AskAsync(app, "GET /admin/..\\..\\x")).Status);
    }

    private static Task<MeshApp> StartAsync(Func<HttpConnectionConfig, HttpConnectionConfig> configure, Action<WebApplication>? map = null) => MeshApp.StartAsync(
        new ScriptedMesh(name => Listeners.Of(name, [Listeners.Plaintext with { Http = configure(Listeners.Plaintext.Http!) }])),
        map: map ?? (a =>
        {
            a.MapGet("/host", (HttpContext c) => c.Request.Host.Value);
            a.Map("{**path}", (HttpContext c) => $"{c.Request.Method} {c.Request.Path.Value} [{c.Features.Get<IHttpRequestFeature>()!.RawTarget}]");
        }));

    private static async Task<(int Status, string Body)> AskAsync(MeshApp app, string line, string host = "reviews")
    {
        using var raw = await RawConnection.OpenAsync(app);
        await raw.SendAsync(Encoding.Latin1.GetBytes($"{line} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"));
        var answer = await raw.ReadToEndAsync();
        var body = answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        var isChunked = answer.Contains("chunked", StringComparison.Ordinal);
        return (int.Parse(answer.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture), isChunked ? body.Split("\r\n")[1] : body);
    }
}
