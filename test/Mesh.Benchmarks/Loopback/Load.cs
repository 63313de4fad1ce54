using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Http.Headers;

namespace ProxylessMesh.Benchmarks.Loopback;

/// <summary>As many requests as go through in a slice of time, 32 at a time, bodies read to their end.</summary>
internal sealed class Load(HttpClient client, Uri address, Version version, bool isGrpc = false)
{
    private const int Connections = 32;
    private const int MessageSize = 32;
    private static readonly byte[] s_message = Message(MessageSize);

    /// <summary>Of one measurement.</summary>
    public static TimeSpan Slice { get; } = TimeSpan.FromSeconds(0.35);

    /// <summary>By this process, in the latest measurement.</summary>
    public double BytesPerRequest { get; private set; }

    /// <summary>Processor time of this process per request, of each measurement: it says more than throughput where other work is going on.</summary>
    public List<double> Microseconds { get; } = [];

    /// <summary>With a current activity: HttpClient then makes one for each request, and writes it into a header; the mesh writes the current one.</summary>
    public bool IsTraced { get; init; }

    /// <summary>A gRPC message: a flag, its length, the rest.</summary>
    public static byte[] Message(int size)
    {
        const int prefix = 5;
        var message = new byte[prefix + size];
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), size);
        return message;
    }

    /// <summary>Requests per second.</summary>
    public async Task<double> RunAsync()
    {
        using var activity = IsTraced ? new Activity("bench").Start() : null;
        using var end = new CancellationTokenSource(Slice);
        var start = Stopwatch.GetTimestamp();
        var busy = Environment.CpuUsage.TotalTime;
        var bytes = GC.GetTotalAllocatedBytes();
        var counts = await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(() => LoopAsync(end.Token))));
        var count = counts.Sum();
        Microseconds.Add((Environment.CpuUsage.TotalTime - busy).TotalMicroseconds / count);
        BytesPerRequest = (GC.GetTotalAllocatedBytes() - bytes) / (double)count;
        return count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private async Task<int> LoopAsync(CancellationToken end)
    {
        var count = 0;
        var buffer = new byte[4096];
        while (!end.IsCancellationRequested)
        {
            using var request = isGrpc ? Call() : new HttpRequestMessage(HttpMethod.Get, address);
            request.Version = version;
            request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, CancellationToken.None);
            if (!response.IsSuccessStatusCode)
            {
                throw new InvalidOperationException($"{address}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync(CancellationToken.None)}");
            }

            await using var body = await response.Content.ReadAsStreamAsync(CancellationToken.None);
            while (await body.ReadAsync(buffer, CancellationToken.None) > 0)
            {
            }

            if (isGrpc && !response.TrailingHeaders.NonValidated.Contains("grpc-status"))
            {
                throw new InvalidDataException("the response ended without a status");
            }

            count++;
        }

        return count;
    }

    private HttpRequestMessage Call()
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, "/bench.Bench/Say")) { Content = new ByteArrayContent(s_message) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.TryAddWithoutValidation("te", "trailers");
        return request;
    }
}
