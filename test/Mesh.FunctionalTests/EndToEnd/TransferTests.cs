using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ProxylessMesh.FunctionalTests.Fixture;

namespace ProxylessMesh.FunctionalTests.EndToEnd;

/// <summary>HTTP/2 and bodies of every shape over mutual TLS.</summary>
public sealed class TransferTests
{
    private const int Size = 8 * 1024 * 1024;
    private const string Url = "http://files:9080/";

    [Theory]
    [InlineData("1.1", "HTTP/1.1")]
    [InlineData("2.0", "HTTP/2")]
    public async Task The_callers_HTTP_version_is_spoken_over_mutual_TLS(string version, string protocol)
    {
        await using var mesh = await StartAsync();
        var client = await mesh.StartClientAsync();
        await client.UntilAsync(Url, _ => true);
        using var request = Request(HttpMethod.Get, "", version);

        using var response = await client.Http.SendAsync(request);

        var answer = await MeshClient.ReadAsync(response);
        Assert.Equal((protocol, "http", "files:9080", "spiffe://cluster.local/ns/default/sa/client"), (answer.Protocol, answer.Scheme, answer.Host, answer.Peer));
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Large_bodies_pass_both_ways_unchanged(string version)
    {
        var body = new byte[Size];
        new Random(1).NextBytes(body);
        await using var mesh = await StartAsync(app =>
        {
            app.MapGet("/download", () => Results.Stream(async stream => await stream.WriteAsync(body)));
            app.MapPost("/upload", async (Stream sent) => Convert.ToHexString(await SHA256.HashDataAsync(sent)));
        });
        var client = await mesh.StartClientAsync();
        await client.UntilAsync(Url, _ => true);
        var expected = Convert.ToHexString(SHA256.HashData(body));

        using var download = await client.Http.SendAsync(Request(HttpMethod.Get, "download", version), HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(expected, Convert.ToHexString(await SHA256.HashDataAsync(await download.Content.ReadAsStreamAsync())));

        using var request = Request(HttpMethod.Post, "upload", version);
        request.Content = new StreamContent(new MemoryStream(body));
        using var upload = await client.Http.SendAsync(request);
        Assert.Equal(expected, await upload.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_stream_of_events_arrives_as_it_is_sent_and_its_end_reaches_the_server(string version)
    {
        var aborted = new TaskCompletionSource();
        await using var mesh = await StartAsync(app => app.MapGet("/events", async (HttpContext context) =>
        {
            context.RequestAborted.Register(() => aborted.TrySetResult());
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync("data: first\n\n");
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        }));
        var client = await mesh.StartClientAsync();
        await client.UntilAsync(Url, _ => true);
        using var request = Request(HttpMethod.Get, "events", version);

        using (var response = await client.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead))
        {
            var stream = await response.Content.ReadAsStreamAsync();
            var first = new byte["data: first\n\n".Length];
            await stream.ReadExactlyAsync(first).AsTask().WaitAsync(Poll.Patience);
            Assert.Equal("data: first\n\n", Encoding.UTF8.GetString(first));
            Assert.False(aborted.Task.IsCompleted);
        }

        await aborted.Task.WaitAsync(Poll.Patience);
    }

    [Fact]
    public async Task Many_HTTP2_calls_at_once_all_succeed()
    {
        await using var mesh = await StartAsync();
        var client = await mesh.StartClientAsync();
        await client.UntilAsync(Url, _ => true);

        var answers = await Task.WhenAll(Enumerable.Range(0, 300).Select(async i =>
        {
            using var request = Request(HttpMethod.Get, $"{i}", "2.0");
            using var response = await client.Http.SendAsync(request);
            return (await MeshClient.ReadAsync(response)).Path;
        }));

        Assert.Equal(Enumerable.Range(0, 300).Select(i => $"/{i}"), answers);
    }

    private static async Task<MeshEnvironment> StartAsync(Action<WebApplication>? map = null)
    {
        var mesh = await MeshEnvironment.StartAsync(("services.yaml", Yaml.Service("files")), ("security.yaml", Yaml.PeerAuthentication("STRICT")));
        await mesh.StartWorkloadAsync("files", map: map);
        return mesh;
    }

    private static HttpRequestMessage Request(HttpMethod method, string path, string version) =>
        new(method, Url + path) { Version = Version.Parse(version), VersionPolicy = HttpVersionPolicy.RequestVersionExact };
}
