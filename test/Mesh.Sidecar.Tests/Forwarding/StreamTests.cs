using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Http;
using ProxylessMesh.Sidecar.Tests.Fixture;

namespace ProxylessMesh.Sidecar.Tests.Forwarding;

/// <summary>What has come goes on before the rest is there.</summary>
public sealed class StreamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Head_and_events_of_an_event_stream_arrive_while_it_goes_on(int version)
    {
        var next = new SemaphoreSlim(0);
        await using var app = await UpstreamApp.StartAsync(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.Body.FlushAsync();
            for (var i = 1; i <= 2; i++)
            {
                await next.WaitAsync();
                await context.Response.WriteAsync($"data: {i}\n\n");
                await context.Response.Body.FlushAsync();
            }
        });
        await using var forwarder = await ForwarderHost.StartAsync(version == 2 ? app.Http2 : app.Http1, Version(version));
        using var client = PlainClient.Create(version);

        using var response = await client.GetAsync(Url(forwarder, version), HttpCompletionOption.ResponseHeadersRead);
        using var events = new StreamReader(await response.Content.ReadAsStreamAsync());
        next.Release();
        var first = await events.ReadLineAsync();
        next.Release();

        Assert.Equal("data: 1", first);
        Assert.Equal("\ndata: 2\n\n", await events.ReadToEndAsync());
    }

    [Fact]
    public async Task A_request_goes_on_while_it_is_received()
    {
        var first = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var app = await UpstreamApp.StartAsync(async context =>
        {
            var buffer = new byte[5];
            await context.Request.Body.ReadExactlyAsync(buffer);
            first.SetResult(Encoding.ASCII.GetString(buffer));
            await context.Response.WriteAsync($"then {await new StreamReader(context.Request.Body).ReadToEndAsync()}");
        });
        await using var forwarder = await ForwarderHost.StartAsync(app.Http1);
        using var client = PlainClient.Create(1);
        var body = new PushedBody();

        var answering = client.PostAsync(Url(forwarder, 1), body);
        await body.WriteAsync("first");
        Assert.Equal("first", await first.Task.WaitAsync(TimeSpan.FromSeconds(30)));
        await body.WriteAsync("last");
        body.Complete();

        using var response = await answering;
        Assert.Equal("then last", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task In_Http2_both_directions_go_on_at_once_and_trailers_follow()
    {
        await using var app = await UpstreamApp.StartAsync(async context =>
        {
            context.Response.ContentType = "application/grpc";
            await context.Response.Body.FlushAsync();
            var buffer = new byte[64];
            for (int count; (count = await context.Request.Body.ReadAsync(buffer)) > 0;)
            {
                await context.Response.Body.WriteAsync(buffer.AsMemory(0, count));
                await context.Response.Body.FlushAsync();
            }

            context.Response.AppendTrailer("grpc-status", "7");
            context.Response.AppendTrailer("grpc-message", "no%20more");
        });
        await using var forwarder = await ForwarderHost.StartAsync(app.Http2, HttpVersion.Version20);
        using var client = PlainClient.Create(2);
        var body = new PushedBody { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } };
        using var request = new HttpRequestMessage(HttpMethod.Post, Url(forwarder, 2)) { Content = body, Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Headers = { TE = { new("trailers") } } };

        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var answers = await response.Content.ReadAsStreamAsync();
        foreach (var word in new[] { "ping", "pong" })
        {
            await body.WriteAsync(word);
            var echo = new byte[4];
            await answers.ReadExactlyAsync(echo);
            Assert.Equal(word, Encoding.ASCII.GetString(echo));
        }

        body.Complete();
        Assert.Equal(0, await answers.ReadAsync(new byte[1]));
        Assert.Equal("7", response.TrailingHeaders.GetValues("grpc-status").Single());
        Assert.Equal("no%20more", response.TrailingHeaders.GetValues("grpc-message").Single());
    }

    [Fact]
    public async Task Trailers_only_stays_trailers_only_and_TE_is_kept()
    {
        var te = "";
        await using var app = await UpstreamApp.StartAsync(context =>
        {
            te = context.Request.Headers.TE.ToString();
            context.Response.ContentType = "application/grpc";
            context.Response.Headers["grpc-status"] = "5";
            return Task.CompletedTask;
        });
        await using var forwarder = await ForwarderHost.StartAsync(app.Http2, HttpVersion.Version20);
        using var client = PlainClient.Create(2);
        using var request = new HttpRequestMessage(HttpMethod.Post, Url(forwarder, 2)) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Headers = { TE = { new("trailers") } } };

        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal("5", response.Headers.GetValues("grpc-status").Single());
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
        Assert.Empty(response.TrailingHeaders);
        Assert.Equal("trailers", te);
    }

    [Fact]
    public async Task A_response_that_ends_before_its_request_ends_that_too()
    {
        await using var app = await UpstreamApp.StartAsync(context => context.Response.WriteAsync("enough"));
        await using var forwarder = await ForwarderHost.StartAsync(app.Http2, HttpVersion.Version20);
        using var client = PlainClient.Create(2);
        var body = new PushedBody();

        using var response = await client.SendAsync(
            new HttpRequestMessage(HttpMethod.Post, Url(forwarder, 2)) { Content = body, Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact }, HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal("enough", await response.Content.ReadAsStringAsync());
        body.Complete();
    }

    private static Version Version(int version) => version == 2 ? HttpVersion.Version20 : HttpVersion.Version11;

    private static Uri Url(ForwarderHost forwarder, int version) => new($"http://{(version == 2 ? forwarder.Http2 : forwarder.Http1)}/");
}
