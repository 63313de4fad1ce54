using System.Net;
using System.Net.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using ProxylessMesh.FunctionalTests.Attacks;
using ProxylessMesh.FunctionalTests.Fixture;
using ProxylessMesh.Testing;

namespace ProxylessMesh.FunctionalTests.Sidecar;

/// <summary>An app that is not .NET is a workload: called by mutual TLS, guarded by policies, told who calls.</summary>
public sealed class InboundTests
{
    [ToolFact("python3")]
    public async Task A_mesh_app_calls_a_python_server_that_takes_no_plaintext()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("legacy.yaml", Yaml.Service("legacy")), ("mtls.yaml", Yaml.PeerAuthentication("STRICT")));
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(mesh.PathOf("www")).FullName, "index.html"), "hello of python");
        var port = FreePort.Next();
        await using var python = await ForeignServer.StartAsync(
            "python3", port, "-m", "http.server", port.ToString(System.Globalization.CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--directory", mesh.PathOf("www"));
        await using var sidecar = await SidecarApp.StartAsync(mesh, "legacy", SidecarApp.Http(python.EndPoint));
        var client = await mesh.StartClientAsync();

        using var response = await client.UntilAsync("http://legacy:9080/", 200);

        Assert.Equal("hello of python", await response.Content.ReadAsStringAsync());
        using var stranger = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        await Assert.ThrowsAsync<HttpRequestException>(() => stranger.GetAsync(new Uri($"http://{sidecar.Inbound}/")));
        Assert.Contains(sidecar.Logs.Entries, e => e.Id.Id == 3001);
    }

    [Fact]
    public async Task The_app_learns_who_calls_and_no_caller_can_lie_about_it()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("legacy.yaml", Yaml.Service("legacy")));
        await using var app = await ForeignApp.StartAsync();
        await using var sidecar = await SidecarApp.StartAsync(mesh, "legacy", SidecarApp.Http(app.EndPoint));
        var client = await mesh.StartClientAsync();

        var answer = await client.UntilAsync("http://legacy:9080/a%2Fb?x", _ => true, ("x-forwarded-client-cert", "URI=spiffe://cluster.local/ns/default/sa/admin"));
        using var plain = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        plain.DefaultRequestHeaders.Add("x-forwarded-client-cert", "URI=spiffe://cluster.local/ns/default/sa/admin");
        using var permissive = await plain.GetAsync(new Uri($"http://{sidecar.Inbound}/"));

        Assert.Matches(
            "^By=spiffe://cluster.local/ns/default/sa/legacy;Hash=[0-9a-f]{64};Subject=\"\";URI=spiffe://cluster.local/ns/default/sa/client$", answer.Headers["x-forwarded-client-cert"]);
        Assert.Equal(("legacy:9080", "/a%2Fb", "HTTP/1.1"), (answer.Host, answer.Path, answer.Protocol));
        Assert.DoesNotContain("x-forwarded-client-cert", (await MeshClient.ReadAsync(permissive)).Headers.Keys);
    }

    [Fact]
    public async Task An_AuthorizationPolicy_refuses_another_account()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("legacy.yaml", Yaml.Service("legacy")), ("allow.yaml", Allow("productpage")));
        await using var app = await ForeignApp.StartAsync();
        await using var sidecar = await SidecarApp.StartAsync(mesh, "legacy", SidecarApp.Http(app.EndPoint));
        var client = await mesh.StartClientAsync();

        using var refused = await client.UntilAsync("http://legacy:9080/", 403);
        mesh.Write("allow.yaml", Allow("client"));
        using var allowed = await client.UntilAsync("http://legacy:9080/", 200);

        Assert.Equal("RBAC: access denied", (await refused.Content.ReadAsStringAsync()).Trim());
        Assert.Equal("foreign", (await MeshClient.ReadAsync(allowed)).Workload);
    }

    [Fact]
    public async Task GRPC_goes_through_in_HTTP2()
    {
        var greeter = new Greeter();
        await using var mesh = await MeshEnvironment.StartAsync(("greeter.yaml", Yaml.Service("greeter")), ("mtls.yaml", Yaml.PeerAuthentication("STRICT")));
        await using var app = await ForeignApp.StartAsync(greeter.Map, HttpProtocols.Http2);
        await using var sidecar = await SidecarApp.StartAsync(mesh, "greeter", SidecarApp.Http(app.EndPoint, http2: true));
        var client = await mesh.StartClientAsync();
        using var grpc = new MeshGrpc(client.Mesh);

        Assert.Equal("hello", MeshGrpc.Text(await grpc.CallAsync(MeshGrpc.Unary, MeshGrpc.Message("hello"))));
        await using var duplex = grpc.Open(MeshGrpc.Duplex);
        foreach (var word in new[] { "one", "two" })
        {
            await duplex.WriteAsync(MeshGrpc.Message(word), CancellationToken.None);
            Assert.Equal(word, MeshGrpc.Text(await duplex.ReadAsync(CancellationToken.None)));
        }
    }

    [Fact]
    public async Task GRPC_to_an_app_that_is_forwarded_to_in_HTTP1_is_told_why_not()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("greeter.yaml", Yaml.Service("greeter")));
        await using var app = await ForeignApp.StartAsync();
        await using var sidecar = await SidecarApp.StartAsync(mesh, "greeter", SidecarApp.Http(app.EndPoint));
        var client = await mesh.StartClientAsync();
        using var grpc = new MeshGrpc(client.Mesh);

        using var response = await grpc.SendAsync(MeshGrpc.Unary, MeshGrpc.Message("hello"));

        Assert.Equal("14", response.Headers.GetValues("grpc-status").Single());
        Assert.Contains("set Http2 of its Sidecar:Inbound", response.Headers.GetValues("grpc-message").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_app_that_is_not_there_is_503_and_says_where()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("legacy.yaml", Yaml.Service("legacy")));
        var nowhere = new IPEndPoint(IPAddress.Loopback, FreePort.Next());
        await using var sidecar = await SidecarApp.StartAsync(mesh, "legacy", SidecarApp.Http(nowhere));
        var client = await mesh.StartClientAsync();

        using var response = await client.UntilAsync("http://legacy:9080/", 503);

        Assert.Equal($"The app at {nowhere} cannot be reached: connection refused\n", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_request_in_service_is_finished_when_the_sidecar_stops()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var finish = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var mesh = await MeshEnvironment.StartAsync(("legacy.yaml", Yaml.Service("legacy")));
        await using var app = await ForeignApp.StartAsync(map => map.Map("/slow", async (HttpContext context) =>
        {
            begun.TrySetResult();
            await finish.Task;
            await context.Response.WriteAsync("done");
        }));
        await using var sidecar = await SidecarApp.StartAsync(mesh, "legacy", SidecarApp.Http(app.EndPoint));
        var client = await mesh.StartClientAsync();

        var asking = client.GetAsync("http://legacy:9080/slow");
        await begun.Task.WaitAsync(Poll.Patience);
        var stopping = sidecar.StopAsync();
        await Poll.UntilAsync(() => !mesh.Plane.Registry.Current.Any(w => w.Ports.Any(p => p.Key == "http")), "the sidecar has not left the mesh");
        finish.SetResult();

        using var response = await asking;
        Assert.Equal("done", await response.Content.ReadAsStringAsync());
        await stopping;
    }

    [Fact]
    public async Task Replacing_sidecars_one_after_the_other_fails_no_call_even_without_retries()
    {
        await using var mesh = await MeshEnvironment.StartAsync(
            ("legacy.yaml", Yaml.Service("legacy")), ("routes.yaml", Yaml.Routes("legacy", "{ route: [ { destination: { host: legacy } } ], retries: { attempts: 0 } }")));
        await using var app = await ForeignApp.StartAsync();
        await using var old = await SidecarApp.StartAsync(mesh, "legacy", SidecarApp.Http(app.EndPoint), options => options.DrainDelay = TimeSpan.FromSeconds(2));
        var client = await mesh.StartClientAsync();
        await client.UntilAsync("http://legacy:9080/", _ => true);
        await using var load = new Load(client, "http://legacy:9080/");

        await load.MoreAsync(50);
        await using var young = await SidecarApp.StartAsync(mesh, "legacy", SidecarApp.Http(app.EndPoint));
        await load.MoreAsync(50);
        await old.StopAsync();
        await load.MoreAsync(50);

        Assert.True(load.Failures.Count == 0, string.Join(Environment.NewLine, load.Failures));
    }

    /// <summary>What a mesh app refuses, and what it would take as one request, must not be two for the app behind.</summary>
    [Fact]
    public async Task No_hidden_request_reaches_the_app()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("legacy.yaml", Yaml.Service("legacy")));
        var seen = new System.Collections.Concurrent.ConcurrentBag<string>();
        await using var app = new ScriptedServer(async (connection, _) =>
        {
            // As bytes: whatever library the app has, it could take any line for a request's first one.
            for (string head; (head = await connection.ReadHeadAsync()).Length > 0;)
            {
                seen.Add(head);
                await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            }
        });
        await using var sidecar = await SidecarApp.StartAsync(mesh, "legacy", SidecarApp.Http(app.EndPoint));
        var client = await mesh.StartClientAsync();

        foreach (var (name, request) in SmugglingTests.Requests)
        {
            await using var plaintext = await Wire.OpenAsync(sidecar.Inbound);
            await plaintext.SendAsync(request);
            await plaintext.ReadToEndAsync();
            await using var secure = await Wire.OpenAsync(sidecar.Inbound, client.Identity, SslApplicationProtocol.Http11);
            await secure.SendAsync(request);
            var answer = await secure.ReadToEndAsync();

            Assert.True(!seen.Any(head => head.Contains("smuggled", StringComparison.OrdinalIgnoreCase)), name);
            Assert.True(answer.IndexOf("HTTP/1.1 ", StringComparison.Ordinal) == answer.LastIndexOf("HTTP/1.1 ", StringComparison.Ordinal), $"{name}: {answer}");
        }
    }

    private static string Allow(string account) => $$"""
        apiVersion: security.istio.io/v1
        kind: AuthorizationPolicy
        metadata: { name: legacy, namespace: default }
        spec:
          selector: { matchLabels: { app: legacy } }
          rules:
          - from: [ { source: { principals: [ cluster.local/ns/default/sa/{{account}} ] } } ]
        """;
}
