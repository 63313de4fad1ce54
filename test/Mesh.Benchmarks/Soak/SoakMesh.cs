using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ProxylessMesh.Client;
using ProxylessMesh.Client.Runtime;
using ProxylessMesh.ControlPlane.CertificateAuthority;
using ProxylessMesh.ControlPlane.Serving;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.Benchmarks.Soak;

/// <summary>A control plane, two instances of a STRICT service and a caller, in one process and over real sockets.</summary>
internal sealed class SoakMesh : IAsyncDisposable
{
    public const string Url = "http://reviews:9080/";

    private const string Configuration = """
        apiVersion: v1
        kind: Service
        metadata: { name: reviews, namespace: default }
        spec: { selector: { app: reviews }, ports: [ { name: http, port: 9080, targetPort: http } ] }
        ---
        apiVersion: security.istio.io/v1
        kind: PeerAuthentication
        metadata: { name: default, namespace: default }
        spec: { mtls: { mode: STRICT } }
        ---
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: { name: reviews, namespace: default }
        spec: { hosts: [ reviews ], http: [ { retries: { attempts: 0 }, route: [ { destination: { host: reviews } } ] } ] }
        """;

    private readonly string _directory = Directory.CreateTempSubdirectory("mesh-soak-").FullName;
    private readonly List<IHost> _hosts = [];
    private readonly ControlPlaneOptions _options;
    private ControlPlaneServer? _plane;
    private IHost? _caller;

    private SoakMesh(TimeSpan lifetime)
    {
        Directory.CreateDirectory(Path.Combine(_directory, "config"));
        File.WriteAllText(Path.Combine(_directory, "config", "mesh.yaml"), Configuration);
        _options = new ControlPlaneOptions
        {
            ConfigDirectory = Path.Combine(_directory, "config"),
            DataDirectory = DataDirectoryPath,
            XdsAddress = null,
            SecureAddress = FreeAddress(),
            CertificateLifetime = lifetime,
            MaxCertificateLifetime = lifetime,
            CertificatesReloadInterval = TimeSpan.FromMilliseconds(200),
        };
    }

    /// <summary>Of the caller.</summary>
    public EventCounts Events { get; } = new();

    public string DataDirectoryPath => Path.Combine(_directory, "data");

    public HttpClient Http { get; private set; } = null!;

    /// <summary>Of the caller; null once it has expired.</summary>
    public IdentityState? Identity => _caller!.Services.GetRequiredService<MeshRuntime>().Identity!.Current;

    public ControlPlaneServer Plane => _plane!;

    /// <summary>When the first of the workloads' present certificates expires.</summary>
    public DateTimeOffset FirstExpiry { get; private set; }

    /// <param name="lifetime">Of certificates.</param>
    public static async Task<SoakMesh> StartAsync(TimeSpan lifetime)
    {
        var mesh = new SoakMesh(lifetime);
        await mesh.StartControlPlaneAsync();
        await mesh.StartServerAsync("v1");
        await mesh.StartServerAsync("v2");
        await mesh.StartCallerAsync();
        return mesh;
    }

    public async Task StartControlPlaneAsync()
    {
        _plane = new ControlPlaneServer(_options, TimeProvider.System, new EventCounts());
        await _plane.StartAsync(CancellationToken.None);
    }

    public async Task StopControlPlaneAsync()
    {
        await _plane!.DisposeAsync();
        FirstExpiry = _hosts.Min(h => h.Services.GetRequiredService<MeshRuntime>().Identity!.Current!.Certificate.NotAfter);
    }

    public async ValueTask DisposeAsync()
    {
        Http?.Dispose();
        foreach (var host in Enumerable.Reverse(_hosts))
        {
            await host.StopAsync();
            await ((IAsyncDisposable)host).DisposeAsync();
        }

        await _plane!.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private async Task StartServerAsync(string version)
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls=http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        builder.AddMesh(options => Join(options, "reviews", version));
        var app = builder.Build();
        app.MapGet("/", () => "ok");
        await app.StartAsync();
        _hosts.Add(app);
    }

    private async Task StartCallerAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "caller" });
        builder.Logging.AddProvider(Events);
        builder.AddMesh(options => Join(options, "caller", "v1"));
        _caller = builder.Build();
        await _caller.StartAsync();
        _hosts.Add(_caller);
        Http = _caller.Services.GetRequiredService<IHttpClientFactory>().CreateClient("soak");
    }

    private void Join(MeshOptions options, string account, string version)
    {
        var token = Path.Combine(_directory, $"{account}.token");
        File.WriteAllText(token, JoinTokens.Open(DataDirectoryPath, TimeProvider.System).Create("default", account, TimeSpan.FromHours(1)));
        options.ControlPlane = new Uri($"https://{_options.SecureAddress}");
        options.RootCertificateFile = Path.Combine(DataDirectoryPath, "root-cert.pem");
        options.TokenFile = token;
        options.DrainDelay = TimeSpan.Zero;
        options.Workload.Name = $"{account}-{version}";
        options.Workload.ServiceAccount = account;
        options.Workload.Labels["app"] = account;
        options.Workload.Labels["version"] = version;
    }

    // The control plane comes back to the same one.
    private static IPEndPoint FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return (IPEndPoint)listener.LocalEndpoint;
    }
}
