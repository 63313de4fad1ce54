using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using ProxylessMesh.Sidecar.Tests.Fixture;
using ProxylessMesh.Testing;

namespace ProxylessMesh.Sidecar.Tests.Forwarding;

/// <summary>An app that is not there, breaks off or talks nonsense; and callers that go.</summary>
public sealed class BrokenUpstreamTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

    [Fact]
    public async Task Nobody_listens()
    {
        var nowhere = Nowhere();
        await using var forwarder = await ForwarderHost.StartAsync(nowhere);

        var answer = await RawHttp.AskAsync(forwarder.Http1, Get);

        Assert.StartsWith("HTTP/1.1 503 ", answer, StringComparison.Ordinal);
        Assert.EndsWith($"\r\n\r\nThe app at {nowhere} cannot be reached: connection refused\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_listens_to_gRPC()
    {
        await using var forwarder = await ForwarderHost.StartAsync(Nowhere(), HttpVersion.Version20);
        using var client = PlainClient.Create(2);

        using var response = await client.PostAsync(
            new Uri($"http://{forwarder.Http2}/a.B/C"), new ByteArrayContent([0, 0, 0, 0, 0]) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } });

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("14", response.Headers.GetValues("grpc-status").Single());
        Assert.Contains("connection refused", response.Headers.GetValues("grpc-message").Single(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 503)]
    [InlineData("HTTP/1.1 200", 503)]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n\r\n", 502)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5, 6\r\n\r\nhello", 502)]
    [InlineData("HTTP/1.1 200 OK\r\nX: a\u0001b\r\nContent-Length: 0\r\n\r\n", 502)]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n", 502)]
    public async Task An_answer_that_is_none(string answer, int status)
    {
        await using var server = new ScriptedServer(async (connection, _) =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync(answer);
            await connection.FinishAsync();
        });
        await using var forwarder = await ForwarderHost.StartAsync(server.EndPoint);

        Assert.StartsWith($"HTTP/1.1 {status} ", await RawHttp.AskAsync(forwarder.Http1, Get), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_without_end_are_not_read_to_it()
    {
        await using var server = new ScriptedServer(async (connection, _) =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\n");
            while (!connection.Stopping.IsCancellationRequested)
            {
                await connection.WriteAsync($"X: {new string('x', 1000)}\r\n");
            }
        });
        await using var forwarder = await ForwarderHost.StartAsync(server.EndPoint);

        Assert.StartsWith("HTTP/1.1 502 ", await RawHttp.AskAsync(forwarder.Http1, Get), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_of_the_apps_connection_end_with_it()
    {
        await using var server = new ScriptedServer(async (connection, _) =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\nX-End: 2\r\nProxy-Connection: close\r\nContent-Length: 0\r\n\r\n");
            await connection.FinishAsync();
        });
        await using var forwarder = await ForwarderHost.StartAsync(server.EndPoint);

        var answer = await RawHttp.AskAsync(forwarder.Http1, Get);

        Assert.Contains("X-End: 2\r\n", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("X-Hop", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Proxy-Connection", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Content-Length: 10\r\n\r\nhello", 1)]
    [InlineData("Content-Length: 10\r\n\r\nhello", 2)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", 1)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", 2)]
    public async Task A_body_that_breaks_off_does_not_end_cleanly(string rest, int version)
    {
        await using var server = new ScriptedServer(async (connection, _) =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync($"HTTP/1.1 200 OK\r\n{rest}");
            await connection.FinishAsync();
        });
        await using var forwarder = await ForwarderHost.StartAsync(server.EndPoint);
        using var client = PlainClient.Create(version);

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.GetByteArrayAsync(new Uri($"http://{(version == 2 ? forwarder.Http2 : forwarder.Http1)}/")));
    }

    [Fact]
    public async Task A_stream_that_is_reset_in_its_middle_is_reset_for_the_caller()
    {
        await using var app = await UpstreamApp.StartAsync(async context =>
        {
            context.Response.ContentType = "application/grpc";
            await context.Response.WriteAsync("hello");
            await context.Response.Body.FlushAsync();
            context.Abort();
        });
        await using var forwarder = await ForwarderHost.StartAsync(app.Http2, HttpVersion.Version20);
        using var client = PlainClient.Create(2);

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.GetByteArrayAsync(new Uri($"http://{forwarder.Http2}/")));
    }

    /// <summary>As nginx says 413, or a server that knows no POST 501.</summary>
    [Fact]
    public async Task An_answer_that_comes_before_the_request_has_been_taken_arrives()
    {
        await using var server = new ScriptedServer(async (connection, _) =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nno\n");
        });
        await using var forwarder = await ForwarderHost.StartAsync(server.EndPoint);

        var answer = await RawHttp.AskAsync(forwarder.Http1, $"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 4000000\r\n\r\n{new string('x', 4_000_000)}");

        Assert.StartsWith("HTTP/1.1 413 ", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\nno\n", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_caller_that_goes_takes_its_request_along(int version)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var abandoned = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var app = await UpstreamApp.StartAsync(async context =>
        {
            context.RequestAborted.Register(() => abandoned.TrySetResult());
            begun.TrySetResult();
            await abandoned.Task;
        });
        await using var forwarder = await ForwarderHost.StartAsync(version == 2 ? app.Http2 : app.Http1, version == 2 ? HttpVersion.Version20 : HttpVersion.Version11);
        using var client = PlainClient.Create(version);
        using var patience = new CancellationTokenSource();

        var asking = client.GetAsync(new Uri($"http://{(version == 2 ? forwarder.Http2 : forwarder.Http1)}/"), patience.Token);
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await patience.CancelAsync();

        await abandoned.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    /// <summary>RFC 9112, section 7.1: whoever cannot read the chunks does not know where the request ends.</summary>
    [Fact]
    public async Task A_malformed_body_is_the_callers_mistake_and_ends_both_connections()
    {
        await using var server = new ScriptedServer(async (connection, _) =>
        {
            await connection.ReadHeadAsync();
            await connection.ReadToEndAsync();
        });
        await using var forwarder = await ForwarderHost.StartAsync(server.EndPoint);

        var answer = await RawHttp.AskAsync(forwarder.Http1, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nZZ\r\nGET /smuggled HTTP/1.1\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        await server.ConnectionClosedAsync();
    }

    private static IPEndPoint Nowhere()
    {
        using var taken = new Socket(SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint)taken.LocalEndPoint!;
    }
}
