using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using ProxylessMesh.FunctionalTests.Fixture;

namespace ProxylessMesh.FunctionalTests.EndToEnd;

/// <summary>Connections that become something else than HTTP: they belong to the call until both ends are done with them.</summary>
public sealed class UpgradeTests
{
    private const string Url = "http://chat:9080/";

    [Theory]
    [InlineData("STRICT", "1.1", "GET HTTP/1.1")]
    [InlineData("DISABLE", "1.1", "GET HTTP/1.1")]
    [InlineData("STRICT", "2.0", "CONNECT HTTP/2")]
    [InlineData("DISABLE", "2.0", "CONNECT HTTP/2")]
    public async Task A_WebSocket_passes_and_is_leased_to_its_end(string mode, string version, string expected)
    {
        await using var mesh = await StartAsync(mode);
        var client = await mesh.StartClientAsync();
        await client.UntilAsync(Url, a => a.Peer is null == (mode == "DISABLE"));
        using var invoker = new HttpMessageInvoker(client.Mesh.CreateHandler());
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = Version.Parse(version);
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;

        await socket.ConnectAsync(new Uri("ws://chat:9080/socket"), invoker, CancellationToken.None).WaitAsync(Poll.Patience);

        Assert.Equal(expected, await ReceiveAsync(socket));
        for (var i = 0; i < 3; i++)
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes($"message {i}"), WebSocketMessageType.Text, true, CancellationToken.None);
            Assert.Equal($"message {i}", await ReceiveAsync(socket));
        }

        Assert.Equal((1, 1), (client.Held.Requests, client.Held.Endpoints));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", CancellationToken.None).WaitAsync(Poll.Patience);
        socket.Dispose();
        Assert.Equal(default, client.Held);
    }

    [Fact]
    public async Task A_WebSocket_is_routed_as_the_request_that_it_is()
    {
        await using var mesh = await StartAsync("STRICT", ("routes.yaml", Yaml.Routes(
            "chat", "{ match: [ { scheme: { exact: http }, uri: { exact: /old } } ], rewrite: { uri: /socket }, route: [ { destination: { host: chat } } ] }", "{ route: [ { destination: { host: chat } } ] }")));
        var client = await mesh.StartClientAsync();
        await client.UntilAsync(Url, _ => true);
        using var invoker = new HttpMessageInvoker(client.Mesh.CreateHandler());
        using var socket = new ClientWebSocket();

        await socket.ConnectAsync(new Uri("ws://chat:9080/old"), invoker, CancellationToken.None).WaitAsync(Poll.Patience);

        Assert.Equal("GET HTTP/1.1", await ReceiveAsync(socket));
    }

    [Fact]
    public async Task What_a_server_says_to_a_WebSocket_that_it_does_not_want_reaches_the_caller()
    {
        await using var mesh = await StartAsync("STRICT");
        var client = await mesh.StartClientAsync();
        await client.UntilAsync(Url, _ => true);
        using var invoker = new HttpMessageInvoker(client.Mesh.CreateHandler());
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;

        await Assert.ThrowsAsync<WebSocketException>(
            () => socket.ConnectAsync(new Uri("ws://chat:9080/forbidden"), invoker, CancellationToken.None).WaitAsync(Poll.Patience));

        Assert.Equal(HttpStatusCode.Forbidden, socket.HttpStatusCode);
        Assert.Equal(default, client.Held);
    }

    [Theory]
    [InlineData("STRICT")]
    [InlineData("DISABLE")]
    public async Task Any_other_upgrade_is_a_stream_both_ways(string mode)
    {
        await using var mesh = await StartAsync(mode);
        var client = await mesh.StartClientAsync();
        await client.UntilAsync(Url, _ => true);
        using var request = new HttpRequestMessage(HttpMethod.Get, Url + "raw") { Headers = { { "Connection", "Upgrade" }, { "Upgrade", "echo" } } };

        using (var response = await client.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead))
        {
            Assert.Equal(HttpStatusCode.SwitchingProtocols, response.StatusCode);
            Assert.Equal("echo", response.Headers.GetValues("Upgrade").Single());
            await using var stream = await response.Content.ReadAsStreamAsync();
            var answer = new byte[4];
            for (var i = 0; i < 3; i++)
            {
                await stream.WriteAsync(new byte[] { 1, 2, 3, (byte)i });
                await stream.FlushAsync();
                await stream.ReadExactlyAsync(answer).AsTask().WaitAsync(Poll.Patience);
                Assert.Equal([1, 2, 3, (byte)i], answer);
            }

            Assert.Equal(1, client.Held.Requests);
        }

        Assert.Equal(default, client.Held);
    }

    private static async Task<MeshEnvironment> StartAsync(string mode, params (string Name, string Content)[] more)
    {
        var mesh = await MeshEnvironment.StartAsync([("services.yaml", Yaml.Service("chat")), ("security.yaml", Yaml.PeerAuthentication(mode)), .. more]);
        await mesh.StartWorkloadAsync("chat", map: Map);
        return mesh;
    }

    private static void Map(WebApplication app)
    {
        app.UseWebSockets();
        app.Map("/socket", async (HttpContext context) =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            await socket.SendAsync(Encoding.UTF8.GetBytes($"{context.Request.Method} {context.Request.Protocol}"), WebSocketMessageType.Text, true, context.RequestAborted);
            var buffer = new byte[1024];
            while (await socket.ReceiveAsync(buffer, context.RequestAborted) is { MessageType: not WebSocketMessageType.Close } message)
            {
                await socket.SendAsync(buffer.AsMemory(0, message.Count), message.MessageType, message.EndOfMessage, context.RequestAborted);
            }

            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
        });
        app.Map("/forbidden", () => Results.StatusCode(403));
        app.Map("/raw", async (HttpContext context) =>
        {
            context.Response.Headers.Upgrade = "echo";
            await using var stream = await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
            await stream.CopyToAsync(stream, context.RequestAborted);
        });
    }

    private static async Task<string> ReceiveAsync(ClientWebSocket socket)
    {
        var buffer = new byte[1024];
        var message = await socket.ReceiveAsync(buffer, CancellationToken.None).WaitAsync(Poll.Patience);
        return Encoding.UTF8.GetString(buffer, 0, message.Count);
    }
}
