using System.Net;
using System.Net.Security;
using ProxylessMesh.Benchmarks.Harness;
using ProxylessMesh.Benchmarks.Loopback;

namespace ProxylessMesh.Benchmarks.Sidecar;

/// <summary>
/// Requests per second through the sidecar's inbound side against one nginx as reverse proxy, before the same app: HttpClient, 32 at a
/// time, HTTP/1.1. Both keep their connections; nginx has one process, the sidecar as many threads as it likes, of the same processors.
/// </summary>
internal sealed class SidecarBenchmark : IBenchmark
{
    private const int RoundCount = 7;
    private const string Nginx = "nginx";
    private const string Sidecar = "mesh-sidecar";

    public string Name => "sidecar";

    public string Description => "requests/s through the sidecar's inbound side against nginx as reverse proxy, plaintext and mTLS";

    public async Task<IReadOnlyList<Verdict>> RunAsync(TextWriter output)
    {
        if (!File.Exists(NginxConfiguration.Binary))
        {
            output.WriteLine("nginx is not installed (apt-get install nginx): nothing to compare with");
            return [];
        }

        var folder = Directory.CreateTempSubdirectory("mesh-bench-").FullName;
        try
        {
            var certificates = new BenchmarkCertificates(folder);
            using var app = UpstreamProcess.Start(folder);
            using var sidecar = SidecarProcess.Start(app.Http1, folder);
            var (plain, secure) = (TwoHops.FreePort(), TwoHops.FreePort());
            using var nginx = ProxyProcess.Start(NginxConfiguration.Binary, NginxConfiguration.Of, new Hop(plain, app.Http1.Port, null, null, Http2: false));
            using var nginxTls = ProxyProcess.Start(NginxConfiguration.Binary, NginxConfiguration.Of, new Hop(secure, app.Http1.Port, certificates, null, Http2: false));
            using var client = Client(certificates);
            return
            [
                await MeasureAsync(output, "plaintext", client, sidecar.Plaintext, new Uri($"http://127.0.0.1:{plain}/")),
                await MeasureAsync(output, "mtls", client, sidecar.MutualTls, new Uri($"https://127.0.0.1:{secure}/")),
            ];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<Verdict> MeasureAsync(TextWriter output, string kind, HttpClient client, Uri sidecar, Uri nginx)
    {
        var figures = await Rounds.RunAsync(
            [
                new Side(Sidecar, new Load(client, sidecar, HttpVersion.Version11).RunAsync),
                new Side(Nginx, new Load(client, nginx, HttpVersion.Version11).RunAsync),
            ],
            RoundCount);
        Rounds.Print(output, $"{kind}: requests/s, median of {RoundCount} rounds of {Load.Slice.TotalSeconds} s", figures, "0");
        return new Verdict($"sidecar-inbound-{kind}-vs-nginx", Rounds.Ratio(figures[Sidecar], figures[Nginx]), "x", 1, AtLeast: true);
    }

    private static HttpClient Client(BenchmarkCertificates certificates) => new(new SocketsHttpHandler
    {
        UseProxy = false,
        SslOptions =
        {
            ClientCertificateContext = SslStreamCertificateContext.Create(BenchmarkCertificates.Load(certificates.Folder), [certificates.Root]),
            RemoteCertificateValidationCallback = (_, certificate, _, _) => BenchmarkCertificates.Trusts(certificates.Root, certificate),
        },
    });
}
