using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using ProxylessMesh.FunctionalTests.Documentation;
using ProxylessMesh.FunctionalTests.Fixture;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.FunctionalTests.Tcp;

/// <summary>Istio's task: tcp-echo on three ports, of which its Service declares two, and its client curl; the YAML of the page.</summary>
internal sealed class EchoMesh : IAsyncDisposable
{
    private readonly Dictionary<string, string> _ports;

    private EchoMesh(MeshEnvironment mesh)
    {
        Mesh = mesh;
        _ports = new[] { "9000", "9001", "9002" }.ToDictionary(p => p, _ => FreePort.Next().ToString(CultureInfo.InvariantCulture));
    }

    public MeshEnvironment Mesh { get; }

    public WorkloadApp App { get; private set; } = null!;

    public IdentityState Curl { get; private set; } = null!;

    public static async Task<EchoMesh> StartAsync()
    {
        var echo = new EchoMesh(await MeshEnvironment.StartAsync());
        echo.Apply("service.yaml", "kind: Service");
        echo.Curl = echo.Mesh.Authority.IssueIdentity("spiffe://cluster.local/ns/foo/sa/curl");
        echo.App = await echo.Mesh.StartWorkloadAsync("tcp-echo", ns: "foo", build: builder => builder.WebHost.ConfigureKestrel(kestrel =>
        {
            foreach (var port in echo._ports.Values)
            {
                kestrel.Listen(IPAddress.Loopback, int.Parse(port, CultureInfo.InvariantCulture), endpoint => endpoint.UseConnectionHandler<TcpEcho>());
            }
        }));
        return echo;
    }

    public int Port(string documented) => int.Parse(_ports[documented], CultureInfo.InvariantCulture);

    /// <summary>The block of the page that holds this text.</summary>
    public void Apply(string file, string text, int nth = 0) =>
        Write(file, Page.Blocks("security", "authorization-tcp.md").Where(b => b.Contains(text, StringComparison.Ordinal)).ElementAt(nth));

    /// <summary>With the ports as documented.</summary>
    public void Write(string file, string yaml) => Mesh.Write(file, _ports.Aggregate(yaml, (text, port) => text.Replace(port.Key, port.Value, StringComparison.Ordinal)));

    /// <summary>Who answers curl on 9000, 9001 and 9002.</summary>
    public async Task<string> AnsweringAsync(IdentityState? identity)
    {
        var answers = new List<string>();
        foreach (var (documented, port) in _ports)
        {
            if (await TcpCaller.AskAsync(int.Parse(port, CultureInfo.InvariantCulture), identity) == "hello port")
            {
                answers.Add(documented);
            }
        }

        return string.Join(' ', answers);
    }

    public async Task UntilAsync(string answering, IdentityState? identity)
    {
        var now = "";
        await Poll.UntilAsync(async () => (now = await AnsweringAsync(identity)) == answering, () => $"'{answering}' answer; it is '{now}': {string.Join(Environment.NewLine, App.Logs.Entries.Where(e => e.Id.Id >= 3000).Select(e => e.Text))}");
    }

    public ValueTask DisposeAsync() => Mesh.DisposeAsync();
}
