using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ProxylessMesh.FunctionalTests.Fixture;

namespace ProxylessMesh.FunctionalTests.EndToEnd;

/// <summary>Bodies that come and go piece by piece, and calls that are given up in the middle.</summary>
public sealed class StreamTests
{
    private const string Url = "http://files:9080/";

    [Fact]
    public async Task Pieces_of_a_request_in_HTTP1_arrive_before_the_next_is_there()
    {
        var arrived = new SemaphoreSlim(0);
        await using var mesh = await StartAsync(app => app.MapPost("/count", async (HttpContext context) =>
        {
            var count = 0;
            for (var buffer = new byte[3]; await context.Request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false) > 0; count++)
            {
                arrived.Release();
            }

            return count;
        }));
        var client = await ReadyAsync(mesh);
        var body = new PushedContent();
        using var request = Request(HttpMethod.Post, "count", "1.1");
        request.Content = body;
        var sending = client.Http.SendAsync(request);
        for (var i = 0; i < 3; i++)
        {
            await body.WriteAsync("one");
            Assert.True(await arrived.WaitAsync(Poll.Patience));
        }

        body.Complete();
        using var response = await sending.WaitAsync(Poll.Patience);

        Assert.Equal("3", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task HTTP2_answers_while_the_request_is_still_being_sent()
    {
        await using var mesh = await StartAsync(app => app.MapPost("/echo", async (HttpContext context) =>
        {
            var buffer = new byte[16];
            for (int read; (read = await context.Request.Body.ReadAsync(buffer)) > 0;)
            {
                await context.Response.Body.WriteAsync(buffer.AsMemory(0, read));
                await context.Response.Body.FlushAsync();
            }
        }));
        var client = await ReadyAsync(mesh);
        var body = new PushedContent();
        using var request = Request(HttpMethod.Post, "echo", "2.0");
        request.Content = body;
        var sending = client.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await body.WriteAsync("one");

        using (var response = await sending.WaitAsync(Poll.Patience))
        {
            var stream = await response.Content.ReadAsStreamAsync();
            Assert.Equal("one", await ReadAsync(stream, 3));
            await body.WriteAsync("two");
            Assert.Equal("two", await ReadAsync(stream, 3));
            Assert.Equal(1, client.Held.Requests);
            body.Complete();
            Assert.Equal(0, await stream.ReadAsync(new byte[1]).AsTask().WaitAsync(Poll.Patience));
            Assert.Equal(default, client.Held);
        }
    }

    [Fact]
    public async Task Trailers_of_a_response_are_there_at_its_end()
    {
        await using var mesh = await StartAsync(app => app.MapGet("/trailers", async (HttpContext context) =>
        {
            context.Response.DeclareTrailer("x-checksum");
            await context.Response.WriteAsync("body");
            context.Response.AppendTrailer("x-checksum", "42");
        }));
        var client = await ReadyAsync(mesh);
        using var request = Request(HttpMethod.Get, "trailers", "2.0");

        using var response = await client.Http.SendAsync(request);

        Assert.Equal(("body", "42"), (await response.Content.ReadAsStringAsync(), response.TrailingHeaders.GetValues("x-checksum").Single()));
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_server_that_does_not_continue_never_sees_the_body(string version)
    {
        await using var mesh = await StartAsync(app => app.MapPost("/refuse", () => Results.StatusCode(413)));
        var client = await ReadyAsync(mesh);
        var body = new PushedContent();
        using var request = Request(HttpMethod.Post, "refuse", version);
        request.Content = body;
        request.Headers.ExpectContinue = true;

        using var response = await client.Http.SendAsync(request).WaitAsync(Poll.Patience);

        Assert.Equal(413, (int)response.StatusCode);
        Assert.False(body.Begun);
        Assert.Equal(default, client.Held);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_server_that_continues_gets_the_body(string version)
    {
        await using var mesh = await StartAsync(app => app.MapPost("/upload", async (Stream sent) => await new StreamReader(sent).ReadToEndAsync()));
        var client = await ReadyAsync(mesh);
        using var request = Request(HttpMethod.Post, "upload", version);
        request.Content = new StringContent("the body");
        request.Headers.ExpectContinue = true;

        using var response = await client.Http.SendAsync(request).WaitAsync(Poll.Patience);

        Assert.Equal("the body", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task An_upload_that_is_cancelled_ends_at_the_server(string version)
    {
        var begun = new TaskCompletionSource();
        var aborted = new TaskCompletionSource();
        await using var mesh = await StartAsync(app => app.MapPost("/upload", async (HttpContext context) =>
        {
            context.RequestAborted.Register(() => aborted.TrySetResult());
            begun.TrySetResult();
            await context.Request.Body.CopyToAsync(Stream.Null);
        }));
        var client = await ReadyAsync(mesh);
        using var cancel = new CancellationTokenSource();
        var body = new PushedContent();
        using var request = Request(HttpMethod.Post, "upload", version);
        request.Content = body;
        var sending = client.Http.SendAsync(request, cancel.Token);
        await body.WriteAsync("some");
        await begun.Task.WaitAsync(Poll.Patience);
        Assert.Equal(1, client.Held.Requests);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending.WaitAsync(Poll.Patience));
        await aborted.Task.WaitAsync(Poll.Patience);
        Assert.Equal(default, client.Held);
        body.Complete();
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_download_that_is_cancelled_ends_at_the_server(string version)
    {
        var aborted = new TaskCompletionSource();
        await using var mesh = await StartAsync(app => app.MapGet("/endless", async (HttpContext context) =>
        {
            context.RequestAborted.Register(() => aborted.TrySetResult());
            await context.Response.WriteAsync("some");
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        }));
        var client = await ReadyAsync(mesh);
        using var cancel = new CancellationTokenSource();
        using var request = Request(HttpMethod.Get, "endless", version);
        using var response = await client.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var stream = await response.Content.ReadAsStreamAsync();
        Assert.Equal("some", await ReadAsync(stream, 4));
        var reading = stream.ReadAsync(new byte[1], cancel.Token).AsTask();

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WaitAsync(Poll.Patience));
        response.Dispose();
        await aborted.Task.WaitAsync(Poll.Patience);
        Assert.Equal(default, client.Held);
    }

    [Fact]
    public async Task A_version_that_may_be_lower_is_spoken_over_mutual_TLS()
    {
        await using var mesh = await StartAsync(_ => { });
        var client = await ReadyAsync(mesh);
        using var request = new HttpRequestMessage(HttpMethod.Get, Url) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionOrLower };

        using var response = await client.Http.SendAsync(request);

        Assert.Equal("HTTP/1.1", (await MeshClient.ReadAsync(response)).Protocol);
    }

    private static async Task<MeshEnvironment> StartAsync(Action<WebApplication> map)
    {
        var mesh = await MeshEnvironment.StartAsync(("services.yaml", Yaml.Service("files")), ("security.yaml", Yaml.PeerAuthentication("STRICT")));
        await mesh.StartWorkloadAsync("files", map: map);
        return mesh;
    }

    private static async Task<MeshClient> ReadyAsync(MeshEnvironment mesh)
    {
        var client = await mesh.StartClientAsync();
        await client.UntilAsync(Url, a => a.Peer is not null);
        return client;
    }

    private static async Task<string> ReadAsync(Stream stream, int count)
    {
        var bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes).AsTask().WaitAsync(Poll.Patience);
        return Encoding.ASCII.GetString(bytes);
    }

    private static HttpRequestMessage Request(HttpMethod method, string path, string version) =>
        new(method, Url + path) { Version = Version.Parse(version), VersionPolicy = HttpVersionPolicy.RequestVersionExact };
}
