using System.Net;
using ProxylessMesh.Benchmarks.Harness;
using ProxylessMesh.Client.Connections;

namespace ProxylessMesh.Benchmarks.Loopback;

/// <summary>
/// Requests per second over loopback, 32 at a time: HttpClient as a user has it by default, the mesh, and HttpClient through two
/// proxies, one on each side as two sidecars are. Client, server and proxies share this machine.
/// </summary>
internal sealed class LoopbackBenchmark : IBenchmark
{
    private const int RoundCount = 7;
    private const string Bare = "HttpClient";
    private const string Meshed = "HttpClient + mesh";
    private const string BareTls = "HttpClient, https";
    private const string MeshedTls = "HttpClient + mesh, mTLS";
    private const string Upgraded = "HttpClient + mesh, mTLS in HTTP/2";
    private static readonly Uri Service = new("http://bench/");

    public string Name => "loopback";

    public string Description => "requests/s over loopback at 32 connections, HTTP/1.1, HTTP/2, gRPC, mTLS: HttpClient, mesh, two proxy hops";

    public async Task<IReadOnlyList<Verdict>> RunAsync(TextWriter output)
    {
        var folder = Directory.CreateTempSubdirectory("mesh-bench-").FullName;
        try
        {
            var certificates = new BenchmarkCertificates(folder);
            using var upstream = UpstreamProcess.Start(folder);
            return [.. await PlaintextAsync(output, upstream, certificates), .. await TlsAsync(output, upstream, certificates)];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<IReadOnlyList<Verdict>> PlaintextAsync(TextWriter output, UpstreamProcess upstream, BenchmarkCertificates certificates)
    {
        using var hops = TwoHops.Start(upstream.Http1, certificates, mutualTls: false, output);
        await using var mesh = Mesh(upstream.Http1, certificates, ScriptedPolicies.None);
        await using var mesh2 = Mesh(upstream.Http2, certificates, ScriptedPolicies.None);
        using var bare = new HttpClient();
        using var meshed = new HttpClient(mesh.CreateHandler());
        using var meshed2 = new HttpClient(mesh2.CreateHandler());

        var http1 = await MeasureAsync(
            output,
            "HTTP/1.1",
            [
                (Bare, new Load(bare, upstream.Http1, HttpVersion.Version11)),
                (Meshed, new Load(meshed, Service, HttpVersion.Version11)),
                .. hops.All.Select(h => (h.Name, new Load(bare, h.Entry, HttpVersion.Version11))),
            ]);
        var http2 = await MeasureAsync(
            output,
            "HTTP/2",
            [(Bare, new Load(bare, upstream.Http2, HttpVersion.Version20)), (Meshed, new Load(meshed2, Service, HttpVersion.Version20))]);
        var traced = await MeasureAsync(
            output,
            "HTTP/2 within an activity, as in an ASP.NET Core request that is traced",
            [
                (Bare, new Load(bare, upstream.Http2, HttpVersion.Version20) { IsTraced = true }),
                (Meshed, new Load(meshed2, Service, HttpVersion.Version20) { IsTraced = true }),
            ]);
        var grpc = await MeasureAsync(
            output,
            "gRPC framing",
            [(Bare, new Load(bare, upstream.Http2, HttpVersion.Version20, isGrpc: true)), (Meshed, new Load(meshed2, Service, HttpVersion.Version20, isGrpc: true))]);
        return
        [
            new("loopback-http1-vs-httpclient", Rounds.Ratio(http1[Meshed], http1[Bare]), "x", 1, AtLeast: true),
            new("loopback-http2-vs-httpclient", Rounds.Ratio(http2[Meshed], http2[Bare]), "x", 1.2, AtLeast: true),
            new("loopback-http2-traced-vs-httpclient", Rounds.Ratio(traced[Meshed], traced[Bare]), "x", 1.2, AtLeast: true),
            new("loopback-grpc-vs-httpclient", Rounds.Ratio(grpc[Meshed], grpc[Bare]), "x", 1.2, AtLeast: true),
            .. VsHops("loopback-vs-two-hops", 2.2, http1, Meshed, hops),
        ];
    }

    private static async Task<IReadOnlyList<Verdict>> TlsAsync(TextWriter output, UpstreamProcess upstream, BenchmarkCertificates certificates)
    {
        using var hops = TwoHops.Start(upstream.Http1, certificates, mutualTls: true, output);
        await using var mesh = Mesh(upstream.MutualTls, certificates, ScriptedPolicies.MutualTls);
        using var plain = new HttpClient();
        using var https = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => BenchmarkCertificates.Trusts(certificates.Root, certificate) },
        });
        using var meshed = new HttpClient(mesh.CreateHandler());
        await using var upgrading = Mesh(upstream.MutualTls, certificates, ScriptedPolicies.MutualTls | ScriptedPolicies.UpgradeToHttp2);
        using var upgraded = new HttpClient(upgrading.CreateHandler());

        var http1 = await MeasureAsync(
            output,
            "HTTP/1.1 over TLS",
            [
                (BareTls, new Load(https, upstream.Https, HttpVersion.Version11)),
                (MeshedTls, new Load(meshed, Service, HttpVersion.Version11)),
                (Upgraded, new Load(upgraded, Service, HttpVersion.Version11)),
                .. hops.All.Select(h => (h.Name, new Load(plain, h.Entry, HttpVersion.Version11))),
            ]);
        var http2 = await MeasureAsync(
            output,
            "HTTP/2 over TLS",
            [(BareTls, new Load(https, upstream.Https, HttpVersion.Version20)), (MeshedTls, new Load(meshed, Service, HttpVersion.Version20))]);
        return
        [
            new("loopback-mtls-vs-https", Rounds.Ratio(http1[MeshedTls], http1[BareTls]), "x", 1, AtLeast: true),
            new("loopback-mtls-http2-vs-https", Rounds.Ratio(http2[MeshedTls], http2[BareTls]), "x", 1, AtLeast: true),
            .. VsHops("loopback-mtls-vs-two-mtls-hops", 3, http1, MeshedTls, hops),
            .. VsHops("loopback-mtls-upgraded-vs-two-mtls-hops", 3, http1, Upgraded, hops),
        ];
    }

    private static BenchmarkMesh Mesh(Uri upstream, BenchmarkCertificates certificates, ScriptedPolicies policies) =>
        new(upstream, new EndpointConnector(new FixedIdentity(certificates.Identity), TimeProvider.System).CreateHandler, policies);

    /// <summary>Against whichever proxy is faster in each round.</summary>
    private static IEnumerable<Verdict> VsHops(string name, double goal, IReadOnlyDictionary<string, double[]> figures, string mesh, TwoHops hops)
    {
        if (hops.All.Count > 0)
        {
            var fastest = Enumerable.Range(0, RoundCount).Select(i => hops.All.Max(h => figures[h.Name][i])).ToArray();
            yield return new Verdict(name, Rounds.Ratio(figures[mesh], fastest), "x", goal, AtLeast: true);
        }
    }

    private static async Task<IReadOnlyDictionary<string, double[]>> MeasureAsync(TextWriter output, string title, IReadOnlyList<(string Name, Load Load)> loads)
    {
        var figures = await Rounds.RunAsync([.. loads.Select(l => new Side(l.Name, l.Load.RunAsync))], RoundCount);
        Rounds.Print(output, $"{title}: requests/s, median of {RoundCount} rounds of {Load.Slice.TotalSeconds} s", figures, "0");
        foreach (var (name, load) in loads.Take(2))
        {
            output.WriteLine($"    {name}: {load.BytesPerRequest:0} bytes and {Rounds.Median(load.Microseconds.TakeLast(RoundCount)):0.0} us of the client's processors per request");
        }

        return figures;
    }
}
