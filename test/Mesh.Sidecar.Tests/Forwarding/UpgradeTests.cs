using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ProxylessMesh.Sidecar.Tests.Fixture;

namespace ProxylessMesh.Sidecar.Tests.Forwarding;

/// <summary>WebSockets, and what else asks to switch protocols.</summary>
public sealed class UpgradeTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_WebSocket_echoes_and_says_goodbye(int version)
    {
        await using var app = await UpstreamApp.StartAsync(EchoAsync, use => use.UseWebSockets());
        await using var forwarder = await ForwarderHost.StartAsync(app.Http1);
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("chat");
        socket.Options.HttpVersion = version == 2 ? HttpVersion.Version20 : HttpVersion.Version11;
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false });

        await socket.ConnectAsync(new Uri($"ws://{(version == 2 ? forwarder.Http2 : forwarder.Http1)}/chat"), invoker, patience.Token);
        await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, patience.Token);
        var buffer = new byte[64];
        var received = await socket.ReceiveAsync(buffer, patience.Token);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", patience.Token);

        Assert.Equal("chat", socket.SubProtocol);
        Assert.Equal("hello", Encoding.ASCII.GetString(buffer, 0, received.Count));
        Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.CloseStatus);
    }

    [Fact]
    public async Task A_refused_WebSocket_is_an_ordinary_answer()
    {
        await using var app = await UpstreamApp.StartAsync(context =>
        {
            context.Response.StatusCode = 403;
            return context.Response.WriteAsync("not you");
        });
        await using var forwarder = await ForwarderHost.StartAsync(app.Http1);

        var answer = await RawHttp.AskAsync(
            forwarder.Http1, "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 403 ", answer, StringComparison.Ordinal);
        Assert.EndsWith("not you", RawHttp.Dechunk(answer), StringComparison.Ordinal);
    }

    /// <summary>Requests behind it would get past every policy ("h2c smuggling").</summary>
    [Theory]
    [InlineData("h2c")]
    [InlineData("TLS/1.0")]
    [InlineData("websocket2")]
    public async Task No_other_protocol_is_switched_to(string protocol)
    {
        var asked = "?";
        await using var app = await UpstreamApp.StartAsync(context =>
        {
            asked = context.Request.Headers.Upgrade.ToString();
            return context.Response.WriteAsync("plain");
        });
        await using var forwarder = await ForwarderHost.StartAsync(app.Http1);

        var answer = await RawHttp.AskAsync(
            forwarder.Http1, $"GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: {protocol}\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        Assert.Equal("", asked);
    }

    private static async Task EchoAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync("chat");
        var buffer = new byte[64];
        while (await socket.ReceiveAsync(buffer, context.RequestAborted) is { MessageType: not WebSocketMessageType.Close } received)
        {
            await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, context.RequestAborted);
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
    }
}
