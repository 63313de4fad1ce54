using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ProxylessMesh.FunctionalTests.Fixture;

namespace ProxylessMesh.Interop.Tests.Fixture;

/// <summary>
/// A mesh with identities: a server and a client of C-core below agents (service accounts <c>reviews</c> and <c>productpage</c>), an
/// ASP.NET Core app and a .NET client (<c>ratings</c> and <c>client</c>). Everything but the control plane is STRICT.
/// </summary>
public sealed class SecureMesh : IAsyncLifetime
{
    private PythonProcess _reviews = null!;

    internal MeshEnvironment Mesh { get; private set; } = null!;

    /// <summary>A caller in C-core.</summary>
    internal PythonClient Client { get; private set; } = null!;

    /// <summary>A caller in .NET.</summary>
    internal MeshClient DotNet { get; private set; } = null!;

    /// <summary>Where reviews listens.</summary>
    internal int ReviewsPort { get; } = FreePort.Next();

    public async Task InitializeAsync()
    {
        if (PythonGrpc.SkipReason is not null)
        {
            return;
        }

        Mesh = await MeshEnvironment.StartAsync(("mesh.yaml", Configuration));
        _reviews = StartServer("reviews", ReviewsPort);
        Client = new PythonClient(PythonProcess.StartBelowAgent(Agent("productpage"), "client.py")) { Secure = true };
        await Mesh.StartWorkloadAsync("ratings", map: app => BytesGrpc.Map(app, (context, message) =>
            JsonSerializer.Serialize(new { name = "ratings", message, peer = new[] { context.GetMeshPeer()?.Id.ToString() } })));
        DotNet = await Mesh.StartClientAsync();
        Assert.Contains("serving", await _reviews.ReadAsync(), StringComparison.Ordinal);
        await RegisteredAsync(ReviewsPort);
    }

    /// <summary>A Python server of a service account, named as that.</summary>
    internal PythonProcess StartServer(string account, int port) => PythonProcess.StartBelowAgent(
        [.. Agent(account), "--label", $"app={account}", "--port", $"grpc={Text(port)}", "--mutual-tls", "--drain", "0s"], "server.py", account, $"127.0.0.1:{Text(port)}", "xds");

    /// <summary>Waits until everybody has been told of it.</summary>
    internal async Task RegisteredAsync(int port)
    {
        await Poll.UntilAsync(() => IsRegistered(port), $"port {port} was not registered.\n{_reviews.Errors}");
        await Mesh.SettledAsync();
    }

    internal bool IsRegistered(int port) => Mesh.Plane.Registry.Current.Any(w => w.Ports.Any(p => p.Value == port));

    internal static string IdOf(string account) => $"spiffe://cluster.local/ns/default/sa/{account}";

    public async Task DisposeAsync()
    {
        if (PythonGrpc.SkipReason is null)
        {
            await Client.DisposeAsync();
            await _reviews.DisposeAsync();
            await Mesh.DisposeAsync();
        }
    }

    private string[] Agent(string account) =>
    [
        "--control-plane", Mesh.Secure.ToString(),
        "--root-cert", Mesh.RootCertificateFile,
        "--token", Mesh.TokenFile("default", account),
        "--state", Mesh.PathOf($"agent-{account}"),
        "--name", account,
        "--service-account", account,
        "--log-level", "Information",
    ];

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);

    /// <summary>The name impostor is one for the Python server too, whose certificate is another account's.</summary>
    private string Configuration => string.Join("\n---\n", [
        Service("reviews"), Service("ratings"), Service("leaver"), Service("impostor"),
        .. new[] { "reviews", "ratings", "leaver", "impostor" }.Select(host => $$"""
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: { name: {{host}} }
            spec:
              host: {{host}}
              trafficPolicy: { tls: { mode: ISTIO_MUTUAL } }
            """),
        $$"""
        apiVersion: networking.istio.io/v1
        kind: WorkloadEntry
        metadata: { name: impostor }
        spec:
          address: 127.0.0.1
          ports: { grpc: {{Text(ReviewsPort)}} }
          labels: { app: impostor }
          serviceAccount: impostor
        """,
        """
        apiVersion: security.istio.io/v1
        kind: PeerAuthentication
        metadata: { name: default, namespace: istio-system }
        spec: { mtls: { mode: STRICT } }
        """,
        """
        apiVersion: security.istio.io/v1
        kind: AuthorizationPolicy
        metadata: { name: reviews }
        spec:
          selector: { matchLabels: { app: reviews } }
          action: DENY
          rules:
          - from: [ { source: { principals: [ cluster.local/ns/default/sa/productpage ] } } ]
            to: [ { operation: { paths: [ /test.Greeter/Admin ] } } ]
        """,
    ]);

    private static string Service(string name) => $$"""
        apiVersion: v1
        kind: Service
        metadata: { name: {{name}} }
        spec:
          selector: { app: {{name}} }
          ports: [ { name: grpc, port: 9080, targetPort: grpc } ]
        """;
}
