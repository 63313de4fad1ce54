using System.Globalization;
using ProxylessMesh.FunctionalTests.Fixture;
using ProxylessMesh.FunctionalTests.Sidecar;
using ProxylessMesh.Testing;

namespace ProxylessMesh.FunctionalTests.Tcp;

/// <summary>The rules for connections before a server that knows nothing of the mesh: Python's socketserver behind a sidecar.</summary>
public sealed class SidecarRulesTests
{
    private const string Server = """
        import socketserver, sys
        class Echo(socketserver.StreamRequestHandler):
            def handle(self):
                for line in self.rfile:
                    self.wfile.write(b"hello " + line)
        socketserver.ThreadingTCPServer.allow_reuse_address = True
        socketserver.ThreadingTCPServer(("127.0.0.1", int(sys.argv[1])), Echo).serve_forever()
        """;

    private const string Service = """
        apiVersion: v1
        kind: Service
        metadata: { name: echo, namespace: default }
        spec:
          selector: { app: echo }
          ports: [ { name: tcp, port: 9000, targetPort: tcp } ]
        """;

    [ToolFact("python3")]
    public async Task Callers_are_admitted_by_identity_and_open_connections_judged_again()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("service.yaml", Service), ("policy.yaml", Policy("ALLOW", """from: [ { source: { principals: [ "cluster.local/ns/default/sa/friend" ] } } ]""")));
        var port = FreePort.Next();
        await using var python = await ForeignServer.StartAsync("python3", port, "-c", Server, port.ToString(CultureInfo.InvariantCulture));
        await using var sidecar = await SidecarApp.StartAsync(mesh, "echo", SidecarApp.Tcp(python.EndPoint));
        var (friend, stranger) = (mesh.Authority.IssueFor("friend"), mesh.Authority.IssueFor("stranger"));

        await Poll.UntilAsync(async () => await TcpCaller.AskAsync(sidecar.Inbound.Port, friend) == "hello port", () => "the friend is not served");
        Assert.Equal(("", ""), (await TcpCaller.AskAsync(sidecar.Inbound.Port, stranger), await TcpCaller.AskAsync(sidecar.Inbound.Port, null)));
        Assert.Contains("no ALLOW policy matches", await sidecar.Logs.WaitForAsync(3700), StringComparison.Ordinal);

        await using var open = await TcpCaller.OpenAsync(sidecar.Inbound.Port, friend);
        Assert.Equal("hello a", await open.AskAsync("a"));
        mesh.Write("policy.yaml", Policy("DENY", "to: [ { operation: { methods: [ GET ] } } ]"));
        Assert.Equal("", await open.ReadAsync());
        Assert.Equal("", await TcpCaller.AskAsync(sidecar.Inbound.Port, friend));
    }

    private static string Policy(string action, string rule) => $$"""
        apiVersion: security.istio.io/v1
        kind: AuthorizationPolicy
        metadata: { name: p, namespace: default }
        spec:
          selector: { matchLabels: { app: echo } }
          action: {{action}}
          rules: [ { {{rule}} } ]
        """;
}
