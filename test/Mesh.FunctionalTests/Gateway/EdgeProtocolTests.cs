using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ProxylessMesh.Client;
using ProxylessMesh.FunctionalTests.Fixture;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.FunctionalTests.Gateway;

/// <summary>What callers outside speak, and what they try.</summary>
public sealed class EdgeProtocolTests
{
    private static readonly (string Head, string Status)[] s_heads =
    [
        ("GET / HTTP/1.1\r\nHost: 127.0.0.1:22\r\n", "404"),
        ("GET http://127.0.0.1:22/ HTTP/1.1\r\nHost: 127.0.0.1:22\r\n", "404"),
        ("GET http://gateway.invalid/ HTTP/1.1\r\nHost: gateway.invalid\r\n", "404"),
        ("CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: 127.0.0.1:22\r\n", "501"),
        ("OPTIONS * HTTP/1.1\r\nHost: shop.example.com\r\n", "501"),
        ("GET / HTTP/1.0\r\n", "404"),
        ("GET / HTTP/1.1\r\nHost: shop.example.com\r\nHost: other\r\n", "400"),
        ("GET /a\u00ffb HTTP/1.1\r\nHost: shop.example.com\r\n", "400"),
        ("POST / HTTP/1.1\r\nHost: shop.example.com\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n", "400"),
        ("GET / HTTP/1.1\r\nHost: shop.example.com\r\nConnection: close, host\r\n", "200"),
    ];

    [Fact]
    public async Task GRPC_calls_of_each_kind_pass_with_their_trailers()
    {
        var port = FreePort.Next();
        await using var mesh = await StartAsync(port, "greeter");
        await mesh.StartWorkloadAsync("greeter", map: new Greeter().Map);
        await using var gateway = await EdgeGateway.StartAsync(mesh, credentials: null, port);
        await EdgeGateway.AskAsync(gateway.Outside(port, http2: true), "http://greeter/");
        using var outside = new MeshGrpc(new Dialing(port));

        Assert.Equal("hello", MeshGrpc.Text(await outside.CallAsync(MeshGrpc.Unary, MeshGrpc.Message("hello"))));
        var failure = await Assert.ThrowsAsync<GrpcException>(() => outside.CallAsync(MeshGrpc.Status, MeshGrpc.Message("5")));
        Assert.Equal((GrpcStatusCode.NotFound, "as asked: äöü 100%"), (failure.Status, failure.Detail));
        await using var duplex = outside.Open(MeshGrpc.Duplex);
        foreach (var text in (string[])["one", "two"])
        {
            await duplex.WriteAsync(MeshGrpc.Message(text), CancellationToken.None);
            Assert.Equal(text, MeshGrpc.Text(await duplex.ReadAsync(CancellationToken.None)));
        }

        await duplex.CompleteAsync();
        Assert.Null(await duplex.ReadAsync(CancellationToken.None));
    }

    [Fact]
    public async Task WebSockets_pass()
    {
        var port = FreePort.Next();
        await using var mesh = await StartAsync(port, "chat");
        await mesh.StartWorkloadAsync("chat", map: app =>
        {
            app.UseWebSockets();
            app.Map("/ws", async (HttpContext context) =>
            {
                using var socket = await context.WebSockets.AcceptWebSocketAsync();
                var buffer = new byte[100];
                while (await socket.ReceiveAsync(buffer, context.RequestAborted) is { MessageType: not WebSocketMessageType.Close } message)
                {
                    await socket.SendAsync(buffer.AsMemory(0, message.Count), message.MessageType, true, context.RequestAborted);
                }

                await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
            });
        });
        await using var gateway = await EdgeGateway.StartAsync(mesh, credentials: null, port);
        await EdgeGateway.AskAsync(gateway.Outside(port), "http://shop.example.com/");
        using var client = new ClientWebSocket();
        using var patience = new CancellationTokenSource(Poll.Patience);

        await client.ConnectAsync(new Uri($"ws://127.0.0.1:{port}/ws"), patience.Token);
        await client.SendAsync(Encoding.UTF8.GetBytes("hello"), WebSocketMessageType.Text, true, patience.Token);
        var answer = new byte[100];
        var received = await client.ReceiveAsync(answer, patience.Token);

        Assert.Equal("hello", Encoding.UTF8.GetString(answer, 0, received.Count));
        await client.CloseAsync(WebSocketCloseStatus.NormalClosure, null, patience.Token);
    }

    [Fact]
    public async Task A_gateway_is_no_open_proxy()
    {
        var port = FreePort.Next();
        await using var mesh = await StartAsync(port, "shop", "shop.example.com");
        await mesh.StartWorkloadAsync("shop");
        await using var gateway = await EdgeGateway.StartAsync(mesh, credentials: null, port);
        await EdgeGateway.AskAsync(gateway.Outside(port), "http://shop.example.com/");

        foreach (var (head, status) in s_heads)
        {
            using var tcp = new TcpClient();
            await tcp.ConnectAsync(IPAddress.Loopback, port);
            await using var stream = tcp.GetStream();
            await stream.WriteAsync(Encoding.Latin1.GetBytes(head + "\r\n"));
            using var reader = new StreamReader(stream);

            var line = await reader.ReadLineAsync().WaitAsync(Poll.Patience);

            Assert.Equal((head, status), (head, line?.Split(' ')[1]));
        }
    }

    [ToolFact("curl")]
    public async Task Curl_comes_by_https_in_both_versions()
    {
        using var authority = new EdgeAuthority("Outside");
        var port = FreePort.Next();
        await using var mesh = await MeshEnvironment.StartAsync(
            ("services.yaml", Yaml.Service("shop")),
            ("gateway.yaml", $"{GatewayYaml.Of("edge", GatewayYaml.Https("a", port, "shop.example.com", "mode: SIMPLE, credentialName: shop"))}\n---\n{GatewayYaml.Routes("shop.example.com", "{ route: [ { destination: { host: shop } } ] }")}"));
        await mesh.StartWorkloadAsync("shop");
        authority.Write(mesh.PathOf("credentials/shop"), "shop.example.com");
        authority.WriteRoots(mesh.PathOf("roots"));
        await using var gateway = await EdgeGateway.StartAsync(mesh, mesh.PathOf("credentials"), port);
        await EdgeGateway.AskAsync(gateway.Outside(port, authority.Roots), "https://shop.example.com/");

        foreach (var (option, version) in new[] { ("--http1.1", "1.1"), ("--http2", "2") })
        {
            var (code, output) = await ToolRun.RunAsync(
                "curl", "", "-sS", option, "--max-time", "20", "--cacert", mesh.PathOf("roots/ca.crt"), "--resolve", $"shop.example.com:{port}:127.0.0.1", "-w", "\n%{http_code} %{http_version}", $"https://shop.example.com:{port}/cart");
            Assert.Equal((0, $"200 {version}"), (code, output.Split('\n')[^1]));
            Assert.Contains("\"path\":\"/cart\"", output, StringComparison.Ordinal);
        }
    }

    private static Task<MeshEnvironment> StartAsync(int port, string service, string host = "*") => MeshEnvironment.StartAsync(
        ("services.yaml", $"{Yaml.Service(service)}\n---\n{Yaml.PeerAuthentication("STRICT")}"),
        ("gateway.yaml", GatewayYaml.Http(port, $"\"{host}\"")),
        ("routes.yaml", $$"""
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: { name: all }
            spec: { hosts: [ "{{host}}" ], gateways: [ edge ], http: [ { route: [ { destination: { host: {{service}} } } ] } ] }
            """));

    /// <summary>Not the mesh: whatever is called is at the gateway.</summary>
    private sealed class Dialing(int port) : IMesh
    {
        public HttpMessageHandler CreateHandler() => new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
    }
}
