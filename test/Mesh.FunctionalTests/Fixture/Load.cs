using System.Collections.Concurrent;
using System.Net;

namespace ProxylessMesh.FunctionalTests.Fixture;

/// <summary>Calls without pause while a test changes the world, and remembers what went wrong.</summary>
internal sealed class Load : IAsyncDisposable
{
    private const int Callers = 4;

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly Task _calling;
    private int _count;

    public Load(MeshClient client, string url) =>
        _calling = Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(() => CallAsync(client, url))));

    /// <summary>What went wrong so far, in words.</summary>
    public IReadOnlyCollection<string> Failures => _failures;

    /// <summary>Waits for so many more calls.</summary>
    public Task MoreAsync(int calls)
    {
        var target = Volatile.Read(ref _count) + calls;
        return Poll.UntilAsync(() => Volatile.Read(ref _count) >= target, $"{calls} more calls");
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _calling;
        _stop.Dispose();
    }

    private async Task CallAsync(MeshClient client, string url)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var response = await client.GetAsync(url);
                if (response.StatusCode != HttpStatusCode.OK)
                {
                    _failures.Enqueue($"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
                }
            }
            catch (Exception e)
            {
                _failures.Enqueue(e.ToString());
            }

            Interlocked.Increment(ref _count);
        }
    }
}
