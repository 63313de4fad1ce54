using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ProxylessMesh.Server.Tests.Fixture;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.Tests.ExternalAuthorization;

/// <summary>ext_authz in front of a real app, with a real HTTP service that decides.</summary>
public sealed class ExternalAuthorizationTests : IAsyncDisposable
{
    private WebApplication? _service;
    private Func<HttpContext, Task> _decide = _ => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_service is not null)
        {
            await _service.DisposeAsync();
        }
    }

    [Fact]
    public async Task An_allowed_request_goes_on_with_what_the_service_says_of_it()
    {
        var seen = "";
        _decide = c =>
        {
            seen = $"{c.Request.Method} {c.Request.Path}{c.Request.QueryString} {c.Request.Headers.Authorization} {c.Request.Headers["x-shown"]} {c.Request.Headers["x-hidden"]} {c.Request.Headers["x-added"]}";
            c.Response.Headers["x-user"] = "alice";
            c.Response.Headers["x-other"] = "no";
            c.Response.Headers["set-cookie"] = "a=b";
            return Task.CompletedTask;
        };
        await using var app = await StartAsync();
        using var answer = await SendAsync(app, "/echo?q=%2F", ("authorization", "Basic YTpi"), ("x-shown", "yes"), ("x-hidden", "yes"), ("x-user", "mallory"));

        Assert.Equal("alice  GET", await answer.Content.ReadAsStringAsync());
        Assert.Equal("GET /check/echo?q=%2F Basic YTpi yes  tag", seen);
        Assert.Equal("a=b", Assert.Single(answer.Headers.GetValues("set-cookie")));
    }

    [Fact]
    public async Task A_refused_request_gets_the_answer_of_the_service()
    {
        _decide = async c =>
        {
            c.Response.StatusCode = 302;
            c.Response.Headers.Location = "https://login.test/";
            c.Response.Headers["x-reason"] = "who are you";
            c.Response.Headers["x-secret"] = "no";
            c.Response.ContentType = "text/html";
            await c.Response.WriteAsync("<p>log in</p>");
        };
        await using var app = await StartAsync();
        using var answer = await SendAsync(app, "/echo");

        Assert.Equal(302, (int)answer.StatusCode);
        Assert.Equal("https://login.test/", answer.Headers.Location!.ToString());
        Assert.Equal("<p>log in</p>", await answer.Content.ReadAsStringAsync());
        Assert.Equal("text/html", answer.Content.Headers.ContentType!.MediaType);
        Assert.True(answer.Headers.Contains("x-reason"));
        Assert.False(answer.Headers.Contains("x-secret"));
    }

    [Theory]
    [InlineData(false, 403)]
    [InlineData(true, 200)]
    public async Task Without_a_verdict_the_policy_decides(bool failsOpen, int status)
    {
        await using var app = await StartAsync(c => c with { FailsOpen = failsOpen });
        foreach (var failure in new Func<HttpContext, Task>[]
        {
            c =>
            {
                c.Response.StatusCode = 503;
                return Task.CompletedTask;
            },
            c =>
            {
                c.Abort();
                return Task.CompletedTask;
            },
        })
        {
            _decide = failure;
            using var answer = await SendAsync(app, "/echo");
            Assert.Equal(status, (int)answer.StatusCode);
        }

        await _service!.StopAsync();
        using var gone = await SendAsync(app, "/echo");
        Assert.Equal(status, (int)gone.StatusCode);
        Assert.Contains(app.Logs.Entries, e => e.Id.Id == 3310);
    }

    [Fact]
    public async Task An_answer_that_is_late_is_none()
    {
        _decide = c => Task.Delay(Timeout.InfiniteTimeSpan, c.RequestAborted);
        await using var app = await StartAsync(c => c with { Timeout = TimeSpan.FromMilliseconds(50), StatusOnError = 503 });
        using var answer = await SendAsync(app, "/echo");

        Assert.Equal(503, (int)answer.StatusCode);
        Assert.Equal("the request could not be authorized\n", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Bodies_are_shown_up_to_a_limit_and_reach_the_app_whole()
    {
        var seen = "";
        _decide = async c => seen = $"{await new StreamReader(c.Request.Body).ReadToEndAsync()} {c.Request.Headers["x-envoy-auth-partial-body"]}";
        await using var app = await StartAsync(c => c with { Body = new CheckedBodyConfig(4, AllowPartial: true, AsBytes: false) });
        using var client = Callers.Plaintext(app, HttpVersion.Version11);

        using var small = await client.PostAsync("/length", new StringContent("abcd"));
        Assert.Equal(("4", "abcd false"), (await small.Content.ReadAsStringAsync(), seen));
        using var large = await client.PostAsync("/length", new ByteArrayContent(Encoding.ASCII.GetBytes(new string('a', 100_000))));
        Assert.Equal(("100000", "aaaa true"), (await large.Content.ReadAsStringAsync(), seen));
    }

    [Fact]
    public async Task A_body_beyond_the_limit_is_refused_without_asking()
    {
        var asked = 0;
        _decide = _ =>
        {
            Interlocked.Increment(ref asked);
            return Task.CompletedTask;
        };
        await using var app = await StartAsync(c => c with { Body = new CheckedBodyConfig(4, AllowPartial: false, AsBytes: false) });
        using var client = Callers.Plaintext(app, HttpVersion.Version11);

        using var large = await client.PostAsync("/length", new StringContent("abcde"));
        Assert.Equal((413, 0), ((int)large.StatusCode, asked));
    }

    private async Task<MeshApp> StartAsync(Func<ExternalAuthorizationConfig, ExternalAuthorizationConfig>? change = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _service = builder.Build();
        _service.Run(c => _decide(c));
        await _service.StartAsync();

        var config = new ExternalAuthorizationConfig
        {
            Timeout = TimeSpan.FromSeconds(30),
            AllowedHeaders = [new StringMatchConfig(StringMatchKind.Prefix, "x-sh", IgnoreCase: true)],
            Http = new HttpAuthorizerConfig("127.0.0.1", new Uri(_service.Urls.First()).Port, "/check")
            {
                AddedHeaders = [new("x-added", "tag")],
                ToUpstream = [new StringMatchConfig(StringMatchKind.Exact, "x-user", IgnoreCase: true)],
                ToClientOnAllow = [new StringMatchConfig(StringMatchKind.Exact, "set-cookie", IgnoreCase: true)],
                ToClientOnDeny = [new StringMatchConfig(StringMatchKind.Exact, "x-reason", IgnoreCase: true)],
            },
        };
        config = change?.Invoke(config) ?? config;
        return await MeshApp.StartAsync(
            new ScriptedMesh(name => Listeners.Filtered(name, new ExternalAuthorizationFilterConfig("authz", config))),
            map: web => web.MapGet("/echo", (HttpRequest r) => $"{r.Headers["x-user"]} {r.Headers["x-other"]} {r.Method}"));
    }

    private static async Task<HttpResponseMessage> SendAsync(MeshApp app, string path, params (string Name, string Value)[] headers)
    {
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };
        using var client = new HttpClient(handler) { BaseAddress = new Uri(app.Address) };
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await client.SendAsync(request);
    }
}
