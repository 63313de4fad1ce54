using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using ProxylessMesh.Sidecar.Tests.Fixture;

namespace ProxylessMesh.Sidecar.Tests.Forwarding;

/// <summary>Expect: 100-continue (RFC 9110, section 10.1.1) is the app's to answer.</summary>
public sealed class ExpectTests
{
    private const string Head = "PUT / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n";

    [Fact]
    public async Task The_caller_is_told_to_go_on_when_the_app_wants_the_body()
    {
        await using var app = await UpstreamApp.StartAsync(async context => await context.Response.WriteAsync(await new StreamReader(context.Request.Body).ReadToEndAsync()));
        await using var forwarder = await ForwarderHost.StartAsync(app.Http1);
        using var caller = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await caller.ConnectAsync(forwarder.Http1);

        await caller.SendAsync(Encoding.ASCII.GetBytes($"{Head}Content-Length: 5\r\nConnection: close\r\n\r\n"));
        await RawHttp.ReadUntilAsync(caller, "HTTP/1.1 100 Continue\r\n\r\n");
        await caller.SendAsync("hello"u8.ToArray());

        var answer = await RawHttp.ReadToEndAsync(caller);
        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\nhello", RawHttp.Dechunk(answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_caller_keeps_its_body_when_the_app_refuses_at_once()
    {
        await using var app = await UpstreamApp.StartAsync(context =>
        {
            context.Response.StatusCode = 417;
            context.Response.Headers.Connection = "close";
            return Task.CompletedTask;
        });
        await using var forwarder = await ForwarderHost.StartAsync(app.Http1);

        using var caller = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await caller.ConnectAsync(forwarder.Http1);

        // Not to its end: the server waits a while for the body, and then resets the connection.
        // And large: up to 1 KiB is asked for all the same, to keep the connection to the app.
        await caller.SendAsync(Encoding.ASCII.GetBytes($"{Head}Content-Length: 5000\r\n\r\n"));
        var answer = await RawHttp.ReadUntilAsync(caller, "\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 417 ", answer, StringComparison.Ordinal);
    }
}
