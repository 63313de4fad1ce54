using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using ProxylessMesh.Sidecar.Tests.Fixture;

namespace ProxylessMesh.Sidecar.Tests.Forwarding;

/// <summary>What travels with an ordinary request and its response.</summary>
public sealed class ForwarderTests
{
    [Theory]
    [InlineData("/a/b?x=1&y=%20")]
    [InlineData("/a%2Fb/%2e%2e/%41?q=%2B+")]
    [InlineData("/a/../b//c/./d")]
    [InlineData("/?")]
    [InlineData("/a\\b|c^{}")]
    [InlineData("//double")]
    public async Task The_target_arrives_byte_for_byte(string target)
    {
        await using var app = await UpstreamApp.StartAsync(context =>
            context.Response.WriteAsync(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget));
        await using var forwarder = await ForwarderHost.StartAsync(app.Http1);

        var answer = await RawHttp.AskAsync(forwarder.Http1, $"GET {target} HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n");

        Assert.EndsWith($"\r\n\r\n{target}", RawHttp.Dechunk(answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Method_host_and_headers_arrive_and_those_of_the_connection_do_not()
    {
        await using var app = await UpstreamApp.StartAsync(EchoHeadAsync);
        await using var forwarder = await ForwarderHost.StartAsync(app.Http1);

        // Without close or keep-alive: Kestrel puts a constant in the place of a list that holds one of them.
        using var caller = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await caller.ConnectAsync(forwarder.Http1);
        await caller.SendAsync(Encoding.ASCII.GetBytes("""
            PURGE /x HTTP/1.1
            Host: reviews:9080
            X-One: 1
            X-Two: a
            X-Two: b
            X-Mine: secret
            Connection: X-Mine
            Keep-Alive: timeout=5
            Proxy-Connection: keep-alive
            Proxy-Authorization: Basic x
            TE: trailers
            Upgrade: h2c
            HTTP2-Settings: AAMAAABkAAQAAP__
            Content-Type: text/plain


            """.ReplaceLineEndings("\r\n")));
        var answer = await RawHttp.ReadUntilAsync(caller, "\r\n0\r\n\r\n");


        Assert.Equal("PURGE HTTP/1.1\nContent-Length=0\nContent-Type=text/plain\nHost=reviews:9080\nX-One=1\nX-Two=a, b\n", RawHttp.Dechunk(answer).Split("\r\n\r\n")[1]);
    }

    [Fact]
    public async Task Status_reason_headers_and_several_cookies_come_back()
    {
        await using var app = await UpstreamApp.StartAsync(context =>
        {
            context.Response.StatusCode = 418;
            context.Features.GetRequiredFeature<IHttpResponseFeature>().ReasonPhrase = "Short and stout";
            context.Response.Headers.Append("Set-Cookie", new[] { "a=1, 2", "b=2" });
            context.Response.Headers["X-Bytes"] = "\u00e4";
            context.Response.Headers["Keep-Alive"] = "timeout=5";
            return context.Response.WriteAsync("tea");
        });
        await using var forwarder = await ForwarderHost.StartAsync(app.Http1);

        var answer = await RawHttp.AskAsync(forwarder.Http1, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 418 Short and stout\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("Set-Cookie: a=1, 2\r\nSet-Cookie: b=2\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("X-Bytes: \u00e4\r\n", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("timeout=5", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    [InlineData(2, 2)]
    public async Task A_large_body_travels_both_ways(int caller, int version)
    {
        await using var app = await UpstreamApp.StartAsync(async context =>
        {
            var all = new MemoryStream();
            await context.Request.Body.CopyToAsync(all);
            await context.Response.Body.WriteAsync(all.ToArray());
        });
        await using var forwarder = await ForwarderHost.StartAsync(version == 2 ? app.Http2 : app.Http1, new Version(version, version == 2 ? 0 : 1));
        using var client = PlainClient.Create(caller);
        var body = new byte[3_000_000];
        new Random(1).NextBytes(body);

        using var response = await client.PostAsync(new Uri($"http://{(caller == 2 ? forwarder.Http2 : forwarder.Http1)}/"), new ByteArrayContent(body));

        Assert.Equal(body, await response.Content.ReadAsByteArrayAsync());
    }

    /// <summary>UTF-8, so that policies compare what their authors wrote; anything else could be two things.</summary>
    [Theory]
    [InlineData("\u00c3\u00a4", 200)]
    [InlineData("\u00e4", 400)]
    public async Task A_header_of_UTF8_arrives_and_other_bytes_are_refused(string bytes, int status)
    {
        var seen = "";
        await using var app = await UpstreamApp.StartAsync(context =>
        {
            seen = context.Request.Headers["X-Name"].ToString();
            return Task.CompletedTask;
        });
        await using var forwarder = await ForwarderHost.StartAsync(app.Http1);

        var answer = await RawHttp.AskAsync(forwarder.Http1, $"GET / HTTP/1.1\r\nHost: x\r\nX-Name: {bytes}\r\nConnection: close\r\n\r\n");

        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.Equal(status == 200 ? "\u00e4" : "", seen);
    }

    [Theory]
    [InlineData("HEAD", 200, "12")]
    [InlineData("GET", 304, "12")]
    [InlineData("GET", 204, null)]
    public async Task Responses_without_a_body_have_none(string method, int status, string? length)
    {
        await using var app = await UpstreamApp.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentLength = status == 204 ? null : 12;
            return Task.CompletedTask;
        });
        await using var forwarder = await ForwarderHost.StartAsync(app.Http1);

        var answer = await RawHttp.AskAsync(forwarder.Http1, $"{method} / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", answer, StringComparison.Ordinal);
        Assert.Equal(length is not null, answer.Contains($"Content-Length: {length}\r\n", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("OPTIONS * HTTP/1.1")]
    [InlineData("CONNECT db:3306 HTTP/1.1")]
    public async Task A_target_without_a_path_is_not_forwarded(string line)
    {
        var called = false;
        await using var app = await UpstreamApp.StartAsync(_ =>
        {
            called = true;
            return Task.CompletedTask;
        });
        await using var forwarder = await ForwarderHost.StartAsync(app.Http1);

        var answer = await RawHttp.AskAsync(forwarder.Http1, $"{line}\r\nHost: db:3306\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 501 ", answer, StringComparison.Ordinal);
        Assert.False(called);
    }

    private static Task EchoHeadAsync(HttpContext context)
    {
        var text = new StringBuilder($"{context.Request.Method} {context.Request.Protocol}\n");
        foreach (var (name, values) in context.Request.Headers.OrderBy(h => h.Key, StringComparer.Ordinal))
        {
            text.Append(name).Append('=').AppendJoin(", ", values.ToArray()).Append('\n');
        }

        return context.Response.WriteAsync(text.ToString());
    }
}
