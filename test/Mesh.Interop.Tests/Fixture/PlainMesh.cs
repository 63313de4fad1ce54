using System.Globalization;
using System.Net;
using ProxylessMesh.ControlPlane.LoadReports;
using ProxylessMesh.FunctionalTests.Fixture;

namespace ProxylessMesh.Interop.Tests.Fixture;

/// <summary>
/// A control plane and, in processes of their own, two servers and a client of C-core: no agent, no certificates, the client has a
/// bootstrap file as anybody would write it.
/// </summary>
public sealed class PlainMesh : IAsyncLifetime
{
    public const string Collection = "plaintext mesh";

    private const int Nacked = 4203;

    private readonly Dictionary<string, int> _ports = [];
    private readonly List<PythonProcess> _servers = [];

    internal MeshEnvironment Mesh { get; private set; } = null!;

    internal PythonClient Client { get; private set; } = null!;

    /// <summary>What clients refused of what the control plane sent.</summary>
    public IEnumerable<string> Refusals => Mesh.Logs.Entries.Where(e => e.Id.Id == Nacked).Select(e => e.Text!);

    public async Task InitializeAsync()
    {
        if (PythonGrpc.SkipReason is not null)
        {
            return;
        }

        foreach (var version in new[] { "v1", "v2" })
        {
            _ports[version] = FreePort.Next();
            _servers.Add(PythonProcess.Start("server.py", [version, $"127.0.0.1:{_ports[version].ToString(CultureInfo.InvariantCulture)}"]));
        }

        Mesh = await MeshEnvironment.StartAsync(
            options => options with
            {
                AdminAddress = new IPEndPoint(IPAddress.Loopback, 0),
                LoadReports = new LoadReportSettings { Interval = TimeSpan.FromSeconds(1) },
                Mesh = options.Mesh with { LoadReports = true },
            },
            ("v1.yaml", Entry("v1")),
            ("v2.yaml", Entry("v2")));
        var bootstrap = Mesh.PathOf("bootstrap.json");
        await File.WriteAllTextAsync(bootstrap, $$"""
            {
              "xds_servers": [ { "server_uri": "{{Mesh.Plaintext.Authority}}", "channel_creds": [ { "type": "insecure" } ] } ],
              "node": { "id": "sidecar~127.0.0.1~client.default~default.svc.cluster.local", "metadata": { "NAMESPACE": "default" } }
            }
            """);
        Client = StartClient();
        foreach (var server in _servers)
        {
            Assert.Contains("serving", await server.ReadAsync(), StringComparison.Ordinal);
        }
    }

    /// <summary>A client in a process of its own.</summary>
    internal PythonClient StartClient() => new(PythonProcess.Start("client.py", [], Mesh.PathOf("bootstrap.json")));

    /// <summary>A host of its own for a test: the servers v1 and v2, subsets of these names, and routes. Waits until it is in force.</summary>
    /// <param name="host">Name.</param>
    /// <param name="policy">Of the DestinationRule, in flow style.</param>
    /// <param name="http">Routes in flow style; none = no VirtualService.</param>
    /// <returns>What to call.</returns>
    internal async Task<string> AddHostAsync(string host, string policy = "{ loadBalancer: { simple: ROUND_ROBIN } }", params string[] http)
    {
        var service = $$"""
            apiVersion: v1
            kind: Service
            metadata: { name: {{host}} }
            spec:
              selector: { app: reviews }
              ports: [ { name: grpc, port: 9080 } ]
            """;
        var documents = http.Length == 0 ? [service, Yaml.Subsets(host, policy)] : new[] { service, Yaml.Subsets(host, policy), Yaml.Routes(host, http) };
        await ApplyAsync($"{host}.yaml", string.Join("\n---\n", documents));
        return $"xds:///{host}:9080";
    }

    /// <summary>Writes a file, and waits until the control plane has pushed what came of it.</summary>
    internal async Task ApplyAsync(string file, string content)
    {
        var before = Mesh.Plane.Config;
        Mesh.Write(file, content);
        await Poll.UntilAsync(() => !ReferenceEquals(before, Mesh.Plane.Config), $"{file} was not read");
        Assert.Empty(Mesh.Plane.Config.Problems.Select(p => p.ToString()));
        await Mesh.SettledAsync();
    }

    internal string Entry(string version) => $$"""
        apiVersion: networking.istio.io/v1
        kind: WorkloadEntry
        metadata: { name: reviews-{{version}} }
        spec:
          address: 127.0.0.1
          ports: { grpc: {{_ports[version].ToString(CultureInfo.InvariantCulture)}} }
          labels: { app: reviews, version: {{version}} }
        """;

    public async Task DisposeAsync()
    {
        if (PythonGrpc.SkipReason is not null)
        {
            return;
        }

        await Client.DisposeAsync();
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }

        await Mesh.DisposeAsync();
    }
}
