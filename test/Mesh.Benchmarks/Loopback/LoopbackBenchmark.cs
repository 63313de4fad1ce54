using System.Diagnostics;
using ProxylessMesh.Benchmarks.Harness;
using ProxylessMesh.Client.Connections;

namespace ProxylessMesh.Benchmarks.Loopback;

/// <summary>Requests per second over loopback, 32 at a time, 1 kB body: what a service would see.</summary>
internal sealed class LoopbackBenchmark : IBenchmark
{
    private const int Connections = 32;
    private const int RoundCount = 12;
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(0.8);

    public string Name => "loopback";

    public string Description => "requests/s over loopback at 32 connections: bare HttpClient, mesh, one and two nginx hops";

    public async Task<IReadOnlyList<Verdict>> RunAsync(TextWriter output)
    {
        using var upstream = UpstreamProcess.Start();
        using var nginx = NginxHops.Available ? NginxHops.Start(upstream.Address) : null;
        await using var mesh = new BenchmarkMesh(upstream.Address, new EndpointConnector(null, TimeProvider.System).CreateHandler);
        using var bare = new HttpClient();
        using var meshed = new HttpClient(mesh.CreateHandler());

        List<Side> sides =
        [
            new("HttpClient", () => ThroughputAsync(bare, upstream.Address)),
            new("HttpClient + mesh", () => ThroughputAsync(meshed, new Uri("http://bench/"))),
        ];
        if (nginx is not null)
        {
            sides.Add(new("HttpClient + one nginx hop", () => ThroughputAsync(bare, nginx.OneHop)));
            sides.Add(new("HttpClient + two nginx hops", () => ThroughputAsync(bare, nginx.TwoHops)));
        }

        var figures = await Rounds.RunAsync(sides, RoundCount);
        Rounds.Print(output, $"requests/s, median of {RoundCount} rounds of {Slice.TotalSeconds} s; client and server share this machine", figures, "0");
        var verdicts = new List<Verdict> { new("loopback-vs-httpclient", Rounds.Ratio(figures["HttpClient + mesh"], figures["HttpClient"]), "x", 0.95, AtLeast: true) };
        if (nginx is not null)
        {
            verdicts.Add(new("loopback-vs-two-nginx-hops", Rounds.Ratio(figures["HttpClient + mesh"], figures["HttpClient + two nginx hops"]), "x", 2, AtLeast: true));
        }
        else
        {
            output.WriteLine("nginx is not installed (apt-get install nginx): the hops were not measured");
        }

        return verdicts;
    }

    private static async Task<double> ThroughputAsync(HttpClient client, Uri address)
    {
        using var end = new CancellationTokenSource(Slice);
        var start = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(() => LoopAsync(client, address, end.Token))));
        return counts.Sum() / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task<int> LoopAsync(HttpClient client, Uri address, CancellationToken end)
    {
        var count = 0;
        var buffer = new byte[4096];
        while (!end.IsCancellationRequested)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, CancellationToken.None);
            response.EnsureSuccessStatusCode();
            await using var body = await response.Content.ReadAsStreamAsync(CancellationToken.None);
            while (await body.ReadAsync(buffer, CancellationToken.None) > 0)
            {
            }

            count++;
        }

        return count;
    }
}
