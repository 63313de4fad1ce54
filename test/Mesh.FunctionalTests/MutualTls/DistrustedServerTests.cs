using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ProxylessMesh.ControlPlane.CertificateAuthority;
using ProxylessMesh.FunctionalTests.Fixture;
using ProxylessMesh.Testing;

namespace ProxylessMesh.FunctionalTests.MutualTls;

/// <summary>The caller's side of a long-lived connection: whom it called once, it does not go on to call for ever.</summary>
public sealed class DistrustedServerTests
{
    [Fact]
    public async Task Connections_to_a_server_whose_certificate_is_revoked_end_and_no_call_uses_them_meanwhile()
    {
        const string Url = "http://chat:9080/";
        await using var mesh = await StartAsync(Yaml.Service("chat"));
        var chat = await StartChatAsync(mesh);
        var client = await mesh.StartClientAsync();
        await client.UntilAsync(Url, _ => true);
        using var invoker = new HttpMessageInvoker(client.Mesh.CreateHandler());
        using var socket = await OpenAsync(invoker, "ws://chat:9080/socket");

        new Revocations(DataDirectory.Of(mesh.DataDirectory), TimeProvider.System).Add(chat.Identity.Certificate.Leaf);

        Assert.Contains("chat.default.svc.cluster.local", await client.Logs.WaitForAsync(2850), StringComparison.Ordinal);
        using var refused = await client.GetAsync(Url);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Contains("is revoked", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await EndAsync(socket);
    }

    [Fact]
    public async Task Connections_to_a_server_whose_name_is_no_longer_in_the_list_end()
    {
        const string Url = "http://chat.example.com/";
        await using var mesh = await StartAsync(Yaml.Service("other"));
        var chat = await StartChatAsync(mesh);
        mesh.Write("entry.yaml", Entry(chat, "chat"));
        await mesh.SettledAsync();
        var client = await mesh.StartClientAsync();
        await client.UntilAsync(Url, answer => answer.Peer == "spiffe://cluster.local/ns/default/sa/client");
        using var invoker = new HttpMessageInvoker(client.Mesh.CreateHandler());
        using var socket = await OpenAsync(invoker, "ws://chat.example.com/socket");

        mesh.Write("entry.yaml", Entry(chat, "somebody"));

        Assert.Contains("chat.example.com", await client.Logs.WaitForAsync(2851), StringComparison.Ordinal);
        using var refused = await client.UntilAsync(Url, 503);
        Assert.Contains("the peer is spiffe://cluster.local/ns/default/sa/chat, which the configuration does not allow", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await EndAsync(socket);
    }

    private static Task<MeshEnvironment> StartAsync(string services) => MeshEnvironment.StartAsync(
        options => options with { CertificatesReloadInterval = TimeSpan.FromMilliseconds(50) },
        ("services.yaml", services));

    private static string Entry(WorkloadApp chat, string account) => $$"""
        apiVersion: networking.istio.io/v1
        kind: ServiceEntry
        metadata: { name: chat, namespace: default }
        spec:
          hosts: [ chat.example.com ]
          ports: [ { number: 80, name: http, protocol: HTTP } ]
          location: MESH_INTERNAL
          resolution: STATIC
          endpoints:
          - { address: 127.0.0.1, ports: { http: {{chat.EndPoint.Port}} }, serviceAccount: {{account}}, labels: { security.istio.io/tlsMode: istio } }
        """;

    private static Task<WorkloadApp> StartChatAsync(MeshEnvironment mesh) => mesh.StartWorkloadAsync("chat", map: app =>
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
                // The caller has ended it.
            }
        });
    });

    private static async Task<ClientWebSocket> OpenAsync(HttpMessageInvoker invoker, string url)
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri(url), invoker, CancellationToken.None).WaitAsync(Poll.Patience);
        return socket;
    }

    private static async Task EndAsync(ClientWebSocket socket)
    {
        using var patience = new CancellationTokenSource(Poll.Patience);
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ReceiveAsync(new byte[16], patience.Token));
    }
}
