using System.Collections.Concurrent;
using System.Globalization;
using System.Net;

namespace ProxylessMesh.Benchmarks.Soak;

/// <summary>
/// Requests at a steady rate from many callers, alternating between HTTP/1.1 and HTTP/2. Of those in HTTP/1.1 every tenth closes
/// its connection, so that handshakes go on all the time.
/// </summary>
internal sealed class SteadyLoad : IAsyncDisposable
{
    private const int Callers = 32;
    private const int Kept = 5;

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly HttpClient _http;
    private readonly Task _calling;
    private readonly long _begun = TimeProvider.System.GetTimestamp();
    private int _requests;
    private int _failed;

    public SteadyLoad(HttpClient http, int rate)
    {
        _http = http;
        var interval = TimeSpan.FromSeconds((double)Callers / rate);
        _calling = Task.WhenAll(Enumerable.Range(0, Callers).Select(i => Task.Run(() => CallAsync(i, interval))));
    }

    public int Failed => Volatile.Read(ref _failed);

    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Requests per second so far.</summary>
    public double Rate => Requests / TimeProvider.System.GetElapsedTime(_begun).TotalSeconds;

    /// <summary>The first few.</summary>
    public IReadOnlyCollection<string> Failures => _failures;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Requests} requests, {Rate:0}/s, {Failed} failed");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _calling;
        _stop.Dispose();
    }

    private async Task CallAsync(int caller, TimeSpan interval)
    {
        var begun = TimeProvider.System.GetTimestamp();
        for (var n = 0; !_stop.IsCancellationRequested; n++)
        {
            var wait = (interval * n) - TimeProvider.System.GetElapsedTime(begun);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, TimeProvider.System, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            await CallAsync(http2: (caller + n) % 2 == 0, close: n % 10 == 9);
        }
    }

    private async Task CallAsync(bool http2, bool close)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, SoakMesh.Url)
            {
                Version = http2 ? HttpVersion.Version20 : HttpVersion.Version11,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            request.Headers.ConnectionClose = close && !http2 ? true : null;
            using var response = await _http.SendAsync(request);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                Note($"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            Note(e.ToString());
        }

        Interlocked.Increment(ref _requests);
    }

    private void Note(string failure)
    {
        Interlocked.Increment(ref _failed);
        if (_failures.Count < Kept)
        {
            _failures.Enqueue($"{TimeProvider.System.GetUtcNow():T} {failure}");
        }
    }
}
