using System.Diagnostics;
using ProxylessMesh.Benchmarks.Harness;

namespace ProxylessMesh.Benchmarks.Handler;

/// <summary>
/// What the mesh costs a call: no network, one caller, everything on (match of two routes, least request, retry policy, timeout,
/// outlier detection, circuit breakers with limits, attempt headers, metrics with a listener), above a bare HttpMessageInvoker.
/// </summary>
internal sealed class HandlerBenchmark : IBenchmark
{
    private const int Calls = 50_000;
    private const int RoundCount = 9;
    private const string Bare = "HttpMessageInvoker";
    private const string Polly = "the same + Polly, 5 strategies";
    private const string Mesh = "the same + mesh";
    private static readonly Uri Address = new("http://bench/");

    private readonly byte[] _buffer = new byte[16];

    public string Name => "handler";

    public string Description => "time and bytes per call without network, everything on: bare invoker, Polly's five strategies, mesh";

    public async Task<IReadOnlyList<Verdict>> RunAsync(TextWriter output)
    {
        using var metrics = new MetricsListener();
        var memory = await CompareAsync(output, "body in memory", streamed: false, later: false);
        var stream = await CompareAsync(output, "body as a stream, as from a socket", streamed: true, later: false);
        var later = await CompareAsync(output, "body as a stream, answered on another thread, as from a socket", streamed: true, later: true);
        output.WriteLine($"the listener saw {metrics.Seen.Count} calls");
        return
        [
            new Verdict("handler-added-time", memory.Time, " ns", 700, AtLeast: false),
            new Verdict("handler-added-bytes", memory.Bytes, " bytes", 100, AtLeast: false),
            new Verdict("handler-time-vs-polly", memory.VsPolly, "x", 1, AtLeast: false),
            new Verdict("handler-streamed-added-time", stream.Time, " ns", 700, AtLeast: false),
            new Verdict("handler-streamed-added-bytes", stream.Bytes, " bytes", 100, AtLeast: false),
            new Verdict("handler-streamed-time-vs-polly", stream.VsPolly, "x", 1, AtLeast: false),
            new Verdict("handler-later-added-bytes", later.Bytes, " bytes", 100, AtLeast: false),
            new Verdict("handler-later-time-vs-polly", later.VsPolly, "x", 1, AtLeast: false),
        ];
    }

    private async Task<(double Time, double Bytes, double VsPolly)> CompareAsync(TextWriter output, string title, bool streamed, bool later)
    {
        await using var mesh = new BenchmarkMesh(new Uri("http://127.0.0.1:1"), (_, _) => new CannedHandler(streamed, later), ScriptedPolicies.Limits);
        using var bare = new HttpMessageInvoker(new CannedHandler(streamed, later));
        using var polly = new HttpMessageInvoker(new PollyHandler(new CannedHandler(streamed, later)));
        using var meshed = new HttpMessageInvoker(mesh.CreateHandler());
        var clients = new Dictionary<string, HttpMessageInvoker> { [Bare] = bare, [Polly] = polly, [Mesh] = meshed };

        var time = await Rounds.RunAsync([.. clients.Select(c => new Side(c.Key, () => TimeAsync(c.Value)))], RoundCount);
        var bytes = await Rounds.RunAsync([.. clients.Select(c => new Side(c.Key, () => BytesAsync(c.Value)))], 3);
        Rounds.Print(output, $"{title}: ns per call, median of {RoundCount} rounds of {Calls} calls", time, "0");
        Rounds.Print(output, $"{title}: bytes allocated per call (exact)", bytes, "0");
        var added = Rounds.Median(time[Mesh].Zip(time[Bare], (m, p) => m - p));
        var addedByPolly = Rounds.Median(time[Polly].Zip(time[Bare], (m, p) => m - p));
        return (added, Rounds.Median(bytes[Mesh]) - Rounds.Median(bytes[Bare]), added / addedByPolly);
    }

    private async Task<double> TimeAsync(HttpMessageInvoker client)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < Calls; i++)
        {
            await CallAsync(client);
        }

        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / Calls;
    }

    private async Task<double> BytesAsync(HttpMessageInvoker client)
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

    private async ValueTask CallAsync(HttpMessageInvoker client)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Address);
        request.Headers.TryAddWithoutValidation("Accept", "*/*");
        using var response = await client.SendAsync(request, CancellationToken.None);
        if (!response.IsSuccessStatusCode)
        {
            // The mesh's own answers would be the fastest of all.
            throw new InvalidOperationException($"The upstream was not reached: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        }

        var body = await response.Content.ReadAsStreamAsync();
        while (await body.ReadAsync(_buffer) > 0)
        {
        }
    }
}
