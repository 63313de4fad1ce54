using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ProxylessMesh.Benchmarks.Harness;
using ProxylessMesh.Server.Hosting;
using ProxylessMesh.Sidecar;
using ProxylessMesh.Sidecar.Hosting;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.Benchmarks.Sidecar;

/// <summary>The sidecar as its command builds it, in a process of its own; only its policy comes from <see cref="OpenMesh"/>.</summary>
internal sealed class SidecarProcess : IDisposable
{
    public const string Argument = "--sidecar";

    private readonly ChildProcess _process;

    private SidecarProcess(ChildProcess process, int port)
    {
        _process = process;
        Plaintext = new Uri($"http://127.0.0.1:{port}/");
        MutualTls = new Uri($"https://127.0.0.1:{port}/");
    }

    public Uri Plaintext { get; }

    public Uri MutualTls { get; }

    /// <param name="app">Where it forwards to.</param>
    /// <param name="certificates">Folder of <see cref="BenchmarkCertificates"/>.</param>
    public static SidecarProcess Start(Uri app, string certificates)
    {
        var process = ChildProcess.Start(Argument, app.Authority, certificates);
        return new SidecarProcess(process, int.Parse(process.ReadLine(), System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>The child's side: prints its port and serves until its standard input closes.</summary>
    public static async Task ServeAsync(string app, string certificates)
    {
        var leaf = BenchmarkCertificates.Load(certificates);
        var root = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(certificates, "root.pem"));
        var identity = new IdentityState(WorkloadCertificate.Create([X509CertificateLoader.LoadCertificate(leaf.RawData), root], leaf.GetECDsaPrivateKey()!), new TrustBundle("cluster.local", [root]));
        await using var sidecar = SidecarHost.Create(
            ["--Mesh:Mode=Off"],
            sidecar: options => options.Inbound.Add(new InboundOptions { Listen = "127.0.0.1:0", Forward = app }),
            build: builder =>
            {
                builder.Logging.ClearProviders();
                builder.Services.AddSingleton<IInboundMesh>(new OpenMesh(new FixedIdentity(identity)));
            });
        await sidecar.StartAsync();
        Console.WriteLine(new Uri(sidecar.Urls.First()).Port);
        await Console.In.ReadToEndAsync();
    }

    public void Dispose() => _process.Dispose();
}
