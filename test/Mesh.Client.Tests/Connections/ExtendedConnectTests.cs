using System.Net;
using System.Net.WebSockets;
using ProxylessMesh.Client.Tests.BadInput;
using ProxylessMesh.Testing;

namespace ProxylessMesh.Client.Tests.Connections;

/// <summary>
/// WebSockets over HTTP/2 (RFC 8441) to servers that do not offer it. ClientWebSocket goes on in HTTP/1.1 where its options allow it, and
/// for that waits for the very exception that HttpClient would throw.
/// </summary>
public sealed class ExtendedConnectTests
{
    [Fact]
    public async Task A_caller_hears_of_it_as_from_HttpClient_and_can_go_on_in_HTTP1()
    {
        await using var cluster = Serve();
        using var connect = new HttpRequestMessage(HttpMethod.Connect, "http://reviews:9080/socket")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Headers = { Protocol = "websocket" },
        };
        using var upgrade = ScriptedCluster.Request();
        upgrade.Headers.Add("Connection", "Upgrade");
        upgrade.Headers.Add("Upgrade", "websocket");

        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => cluster.SendAsync(connect));
        cluster.AssertNothingHeld();
        using var response = await cluster.SendAsync(upgrade);

        Assert.Equal(HttpRequestError.ExtendedConnectNotSupported, refused.HttpRequestError);
        Assert.Equal(HttpStatusCode.SwitchingProtocols, response.StatusCode);
    }

    [Fact]
    public async Task A_ClientWebSocket_that_wants_HTTP2_alone_says_that_it_cannot_be()
    {
        await using var cluster = Serve();
        using var invoker = new HttpMessageInvoker(new ClusterHandler(cluster));
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = HttpVersion.Version20;
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;

        var refused = await Assert.ThrowsAsync<WebSocketException>(
            () => socket.ConnectAsync(new Uri("ws://reviews:9080/socket"), invoker, CancellationToken.None).WaitAsync(ScriptedCluster.Patience));

        Assert.Equal(HttpRequestError.ExtendedConnectNotSupported, Assert.IsType<HttpRequestException>(refused.InnerException).HttpRequestError);
    }

    /// <summary>First a connection in HTTP/2 whose settings do not offer extended CONNECT, then connections in HTTP/1.1.</summary>
    private static ScriptedCluster Serve() => new(async (connection, number) =>
    {
        if (number == 1)
        {
            await new Http2Script(connection).OpenAsync();
        }
        else
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
        }

        await connection.ReadToEndAsync();
    });

    private sealed class ClusterHandler(ScriptedCluster cluster) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            cluster.SendAsync(request, cancellationToken);
    }
}
