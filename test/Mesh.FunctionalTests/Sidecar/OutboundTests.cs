using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ProxylessMesh.FunctionalTests.Attacks;
using ProxylessMesh.FunctionalTests.Fixture;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.FunctionalTests.Sidecar;

/// <summary>A foreign program calls the mesh through http_proxy.</summary>
public sealed class OutboundTests
{
    [ToolFact("curl")]
    public async Task Curl_follows_the_routes_and_has_the_workloads_identity()
    {
        await using var mesh = await MeshEnvironment.StartAsync(
            ("reviews.yaml", Yaml.Service("reviews")),
            ("subsets.yaml", Yaml.Subsets("reviews")),
            ("mtls.yaml", Yaml.PeerAuthentication("STRICT")),
            ("routes.yaml", Yaml.Routes("reviews", $"{{ match: [ {{ headers: {{ end-user: {{ exact: jason }} }} }} ], {Yaml.To("reviews", "v2")} }}", $"{{ {Yaml.To("reviews", "v1")} }}")));
        await mesh.StartWorkloadAsync("reviews", "v1");
        await mesh.StartWorkloadAsync("reviews", "v2");
        await using var sidecar = await StartAsync(mesh);

        var plain = await CurlAsync(sidecar, "http://reviews:9080/x?y=1");
        var jason = await CurlAsync(sidecar, "-H", "end-user: jason", "http://reviews.default.svc.cluster.local:9080/");
        var origin = await ToolRun.RunAsync("curl", "", "-sS", "--noproxy", "*", "--max-time", "20", "-H", "Host: reviews:9080", $"{sidecar.Outbound}x");

        Assert.Contains("\"workload\":\"reviews-v1\",\"peer\":\"spiffe://cluster.local/ns/default/sa/shop\"", plain, StringComparison.Ordinal);
        Assert.Contains("\"path\":\"/x\"", plain, StringComparison.Ordinal);
        Assert.Contains("\"workload\":\"reviews-v2\"", jason, StringComparison.Ordinal);
        Assert.Contains("\"workload\":\"reviews-v1\"", origin.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_it_cannot_do_it_says()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("reviews.yaml", Yaml.Service("reviews")));
        await using var sidecar = await StartAsync(mesh);
        var own = sidecar.Outbound.Authority;

        Assert.StartsWith("HTTP/1.1 501 ", await AskAsync(sidecar, "CONNECT reviews:9080 HTTP/1.1\r\nHost: reviews:9080\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 501 ", await AskAsync(sidecar, "GET https://reviews:9080/ HTTP/1.1\r\nHost: reviews:9080\r\n"), StringComparison.Ordinal);
        Assert.Contains("its address is that of this proxy", await AskAsync(sidecar, $"GET / HTTP/1.1\r\nHost: {own}\r\n"), StringComparison.Ordinal);
        Assert.Contains("no healthy endpoint for reviews.default.svc.cluster.local:9080", await AskAsync(sidecar, "GET http://reviews:9080/ HTTP/1.1\r\nHost: reviews:9080\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 400 ", await AskAsync(sidecar, "GET http://reviews:9080/ HTTP/1.1\r\nHost: reviews:9080\r\nX-Name: \u00c3\u00a4\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 400 ", await AskAsync(sidecar, "POST http://reviews:9080/ HTTP/1.1\r\nHost: reviews:9080\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_outside_the_mesh_is_called_as_it_is()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("reviews.yaml", Yaml.Service("reviews")));
        await using var elsewhere = await ForeignApp.StartAsync();
        await using var sidecar = await StartAsync(mesh);
        using var client = new HttpClient(new SocketsHttpHandler { Proxy = new WebProxy(sidecar.Outbound) });

        using var response = await client.GetAsync(new Uri($"http://{elsewhere.EndPoint}/a%2Fb"));

        var answer = await MeshClient.ReadAsync(response);
        Assert.Equal(("foreign", $"{elsewhere.EndPoint}", "/a%2Fb"), (answer.Workload, answer.Host, answer.Path));
    }

    [Fact]
    public async Task GRPC_in_HTTP2_and_WebSockets_go_out_too()
    {
        var greeter = new Greeter();
        await using var mesh = await MeshEnvironment.StartAsync(("greeter.yaml", Yaml.Service("greeter")), ("mtls.yaml", Yaml.PeerAuthentication("STRICT")));
        await mesh.StartWorkloadAsync("greeter", map: app =>
        {
            app.UseWebSockets();
            app.Map("/chat", async (HttpContext context) =>
            {
                using var socket = await context.WebSockets.AcceptWebSocketAsync();
                await socket.SendAsync(Encoding.ASCII.GetBytes($"hello {context.GetMeshPeer()}"), WebSocketMessageType.Text, endOfMessage: true, context.RequestAborted);
                await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
            });
            greeter.Map(app);
        });
        await using var sidecar = await StartAsync(mesh);
        using var patience = new CancellationTokenSource(Poll.Patience);

        using var toProxy = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false });
        using var call = new HttpRequestMessage(HttpMethod.Post, new Uri(sidecar.Outbound, MeshGrpc.Unary.Path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Headers = { Host = "greeter:9080", TE = { new("trailers") } },
            Content = new ByteArrayContent(GrpcFrameWriter.Encode(MeshGrpc.Message("hello"))) { Headers = { ContentType = new("application/grpc") } },
        };
        using var response = await toProxy.SendAsync(call, patience.Token);
        var message = await response.Content.ReadAsByteArrayAsync(patience.Token);
        using var socket = new ClientWebSocket();
        socket.Options.Proxy = null;
        socket.Options.SetRequestHeader("Host", "greeter:9080");
        await socket.ConnectAsync(new Uri($"ws://{sidecar.Outbound.Authority}/chat"), patience.Token);
        var buffer = new byte[200];
        var received = await socket.ReceiveAsync(buffer, patience.Token);

        Assert.EndsWith("hello", Encoding.ASCII.GetString(message), StringComparison.Ordinal);
        Assert.Equal("0", response.TrailingHeaders.GetValues("grpc-status").Single());
        Assert.Equal("hello spiffe://cluster.local/ns/default/sa/shop", Encoding.ASCII.GetString(buffer, 0, received.Count));
    }

    private static Task<SidecarApp> StartAsync(MeshEnvironment mesh) => SidecarApp.StartAsync(mesh, "shop", options => options.Outbound.Listen = "127.0.0.1:0");

    private static async Task<string> CurlAsync(SidecarApp sidecar, params string[] arguments)
    {
        var (exit, output) = await ToolRun.RunAsync("curl", "", ["-sS", "--noproxy", "", "--max-time", "20", "--proxy", $"{sidecar.Outbound}", .. arguments]);
        return exit == 0 ? output : throw new HttpRequestException(output);
    }

    private static async Task<string> AskAsync(SidecarApp sidecar, string head)
    {
        await using var wire = await Wire.OpenAsync(IPEndPoint.Parse(sidecar.Outbound.Authority));
        await wire.SendAsync($"{head}Connection: close\r\n\r\n");
        return await wire.ReadToEndAsync();
    }
}
