using System.Diagnostics;
using ProxylessMesh.Benchmarks.Harness;

namespace ProxylessMesh.Benchmarks.Handler;

/// <summary>What the mesh costs a call: no network, one thread, everything on (match of two routes, least request, retry policy, outlier detection).</summary>
internal sealed class HandlerBenchmark : IBenchmark
{
    private const int Calls = 200_000;
    private const int RoundCount = 11;

    private readonly byte[] _buffer = new byte[16];

    public string Name => "handler";

    public string Description => "time and bytes per call without network: HttpClient, Polly (retry+breaker+timeout), mesh";

    public async Task<IReadOnlyList<Verdict>> RunAsync(TextWriter output)
    {
        await using var mesh = new BenchmarkMesh(new Uri("http://127.0.0.1:1"), (_, _) => new CannedHandler());
        using var bare = new HttpClient(new CannedHandler());
        using var polly = new HttpClient(new PollyHandler(new CannedHandler()));
        using var meshed = new HttpClient(mesh.CreateHandler());
        var clients = new Dictionary<string, HttpClient> { ["HttpClient"] = bare, ["HttpClient + Polly"] = polly, ["HttpClient + mesh"] = meshed };

        var nanoseconds = await Rounds.RunAsync([.. clients.Select(c => new Side(c.Key, () => TimeAsync(c.Value)))], RoundCount);
        var bytes = await Rounds.RunAsync([.. clients.Select(c => new Side(c.Key, () => BytesAsync(c.Value)))], 3);
        Rounds.Print(output, $"ns per call, median of {RoundCount} rounds of {Calls} calls", nanoseconds, "0");
        Rounds.Print(output, "bytes allocated per call (exact)", bytes, "0");

        var plain = nanoseconds["HttpClient"];
        var added = Rounds.Median(nanoseconds["HttpClient + mesh"].Zip(plain, (m, p) => m - p));
        var addedByPolly = Rounds.Median(nanoseconds["HttpClient + Polly"].Zip(plain, (m, p) => m - p));
        var addedBytes = Rounds.Median(bytes["HttpClient + mesh"]) - Rounds.Median(bytes["HttpClient"]);
        return
        [
            new Verdict("handler-added-time", added, " ns", 1000, AtLeast: false),
            new Verdict("handler-added-bytes", addedBytes, " bytes", 200, AtLeast: false),
            new Verdict("handler-time-vs-polly", added / addedByPolly, "x", 1, AtLeast: false),
        ];
    }

    private async Task<double> TimeAsync(HttpClient client)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < Calls; i++)
        {
            await CallAsync(client);
        }

        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / Calls;
    }

    private async Task<double> BytesAsync(HttpClient client)
    {
        const int calls = 10_000;
        await CallAsync(client);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var i = 0; i < calls; i++)
        {
            await CallAsync(client);
        }

        return (double)(GC.GetTotalAllocatedBytes(precise: true) - before) / calls;
    }

    private async ValueTask CallAsync(HttpClient client)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://bench/");
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var body = await response.Content.ReadAsStreamAsync();
        while (await body.ReadAsync(_buffer) > 0)
        {
        }
    }
}
