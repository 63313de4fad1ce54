using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ProxylessMesh.ControlPlane.CertificateAuthority;
using ProxylessMesh.FunctionalTests.Fixture;

namespace ProxylessMesh.FunctionalTests.MutualTls;

/// <summary>What was let in once is judged again: from the file that an operator edits to the end of the stream.</summary>
public sealed class LongLivedConnectionTests
{
    private const string Url = "http://chat:9080/";

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_WebSocket_that_a_new_AuthorizationPolicy_denies_ends(string version)
    {
        await using var mesh = await StartAsync();
        var client = await mesh.StartClientAsync();
        await client.UntilAsync(Url, _ => true);
        using var invoker = new HttpMessageInvoker(client.Mesh.CreateHandler());
        using var socket = await OpenAsync(invoker, version);

        mesh.Write("deny.yaml", """
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: { name: no-chat, namespace: default }
            spec:
              selector: { matchLabels: { app: chat } }
              action: DENY
              rules:
              - from: [ { source: { principals: [ "cluster.local/ns/default/sa/client" ] } } ]
                to: [ { operation: { paths: [ "/socket" ] } } ]
            """);

        await EndAsync(socket);
        Assert.Equal("chat-v1", (await client.AskAsync(Url)).Workload);
    }

    [Fact]
    public async Task A_WebSocket_of_a_caller_whose_certificate_is_revoked_ends()
    {
        await using var mesh = await StartAsync();
        var client = await mesh.StartClientAsync();
        await client.UntilAsync(Url, _ => true);
        using var invoker = new HttpMessageInvoker(client.Mesh.CreateHandler());
        using var socket = await OpenAsync(invoker, "1.1");

        new Revocations(DataDirectory.Of(mesh.DataDirectory), TimeProvider.System).Add(client.Identity.Certificate.Leaf);

        await EndAsync(socket);
    }

    private static async Task<ClientWebSocket> OpenAsync(HttpMessageInvoker invoker, string version)
    {
        var socket = new ClientWebSocket();
        socket.Options.HttpVersion = Version.Parse(version);
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        await socket.ConnectAsync(new Uri("ws://chat:9080/socket"), invoker, CancellationToken.None).WaitAsync(Poll.Patience);
        return socket;
    }

    private static async Task EndAsync(ClientWebSocket socket)
    {
        using var patience = new CancellationTokenSource(Poll.Patience);
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ReceiveAsync(new byte[16], patience.Token));
    }

    private static async Task<MeshEnvironment> StartAsync()
    {
        var mesh = await MeshEnvironment.StartAsync(
            options => options with { CertificatesReloadInterval = TimeSpan.FromMilliseconds(50) },
            ("services.yaml", Yaml.Service("chat")),
            ("security.yaml", Yaml.PeerAuthentication("STRICT")));
        await mesh.StartWorkloadAsync("chat", map: app =>
        {
            app.UseWebSockets();
            app.Map("/socket", async (HttpContext context) =>
            {
                using var socket = await context.WebSockets.AcceptWebSocketAsync();
                try
                {
                    await socket.ReceiveAsync(new byte[16], context.RequestAborted);
                }
                catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
                {
                    // It was ended.
                }
            });
        });
        return mesh;
    }
}
