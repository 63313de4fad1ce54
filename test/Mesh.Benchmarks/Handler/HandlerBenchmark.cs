using System.Diagnostics;
using ProxylessMesh.Benchmarks.Harness;

namespace ProxylessMesh.Benchmarks.Handler;

/// <summary>What the mesh costs a call: no network, one thread, everything on (match of two routes, least request, retry policy, outlier detection).</summary>
internal sealed class HandlerBenchmark : IBenchmark
{
    private const int Calls = 100_000;
    private const int RoundCount = 9;
    private static readonly Uri Address = new("http://bench/");

    private readonly byte[] _buffer = new byte[16];

    public string Name => "handler";

    public string Description => "time and bytes per call without network: HttpClient, Polly (retry+breaker+timeout), mesh";

    public async Task<IReadOnlyList<Verdict>> RunAsync(TextWriter output)
    {
        var memory = await CompareAsync(output, "body in memory", streamed: false);
        var stream = await CompareAsync(output, "body as a stream, as from a socket", streamed: true);
        return
        [
            new Verdict("handler-added-time", memory.Time, " ns", 1000, AtLeast: false),
            new Verdict("handler-added-bytes", memory.Bytes, " bytes", 200, AtLeast: false),
            new Verdict("handler-time-vs-polly", memory.VsPolly, "x", 1, AtLeast: false),
            new Verdict("handler-streamed-added-time", stream.Time, " ns", 1000, AtLeast: false),
            new Verdict("handler-streamed-added-bytes", stream.Bytes, " bytes", 200, AtLeast: false),
        ];
    }

    private async Task<(double Time, double Bytes, double VsPolly)> CompareAsync(TextWriter output, string title, bool streamed)
    {
        await using var mesh = new BenchmarkMesh(new Uri("http://127.0.0.1:1"), (_, _) => new CannedHandler(streamed));
        using var bare = new HttpClient(new CannedHandler(streamed));
        using var polly = new HttpClient(new PollyHandler(new CannedHandler(streamed)));
        using var meshed = new HttpClient(mesh.CreateHandler());
        var clients = new Dictionary<string, HttpClient> { ["HttpClient"] = bare, ["HttpClient + Polly"] = polly, ["HttpClient + mesh"] = meshed };

        var time = await Rounds.RunAsync([.. clients.Select(c => new Side(c.Key, () => TimeAsync(c.Value)))], RoundCount);
        var bytes = await Rounds.RunAsync([.. clients.Select(c => new Side(c.Key, () => BytesAsync(c.Value)))], 3);
        Rounds.Print(output, $"{title}: ns per call, median of {RoundCount} rounds of {Calls} calls", time, "0");
        Rounds.Print(output, $"{title}: bytes allocated per call (exact)", bytes, "0");
        var added = Rounds.Median(time["HttpClient + mesh"].Zip(time["HttpClient"], (m, p) => m - p));
        var addedByPolly = Rounds.Median(time["HttpClient + Polly"].Zip(time["HttpClient"], (m, p) => m - p));
        return (added, Rounds.Median(bytes["HttpClient + mesh"]) - Rounds.Median(bytes["HttpClient"]), added / addedByPolly);
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
        using var request = new HttpRequestMessage(HttpMethod.Get, Address);
        request.Headers.TryAddWithoutValidation("Accept", "*/*");
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var body = await response.Content.ReadAsStreamAsync();
        while (await body.ReadAsync(_buffer) > 0)
        {
        }
    }
}
