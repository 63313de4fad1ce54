namespace ProxylessMesh.Xds.Jose;

/// <summary>
/// Keeps the keys of an issuer fresh until disposed. What was fetched last stays in force when a fetch fails. Nothing that a token
/// says makes it fetch, so that a storm of unknown keys asks nobody anything.
/// </summary>
internal sealed class KeySetRefresh : IDisposable
{
    private readonly Func<CancellationToken, Task<string>> _fetch;
    private readonly Action<string> _changed;
    private readonly Action<string> _failed;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _current;

    /// <param name="fetch">Gets the keys as JSON, or throws <see cref="KeySetException"/>.</param>
    /// <param name="changed">Called with keys that are new.</param>
    /// <param name="failed">Called with the reason of each fetch that fails.</param>
    /// <param name="time">Clock.</param>
    public KeySetRefresh(Func<CancellationToken, Task<string>> fetch, Action<string> changed, Action<string> failed, TimeProvider time) =>
        (_fetch, _changed, _failed, _time) = (fetch, changed, failed, time);

    /// <summary>Between fetches of keys that are known.</summary>
    public required TimeSpan Interval { get; init; }

    /// <summary>Before the second try; it doubles with each, up to <see cref="Interval"/>.</summary>
    public required TimeSpan FirstRetry { get; init; }

    /// <summary>Of one fetch.</summary>
    public required TimeSpan Timeout { get; set; }

    /// <summary>Null until the first fetch has succeeded.</summary>
    public string? Current => Volatile.Read(ref _current);

    /// <summary>Completes when the first fetch has succeeded or failed.</summary>
    public Task First => _first.Task;

    /// <summary>Fetches now and from then on.</summary>
    public void Start() => _ = RunAsync();

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
        _first.TrySetResult();
    }

    private async Task RunAsync()
    {
        var stop = _stop.Token;
        var retry = FirstRetry;
        while (!stop.IsCancellationRequested)
        {
            TimeSpan pause;
            if (await TryFetchAsync(stop).ConfigureAwait(false))
            {
                pause = Interval;
                retry = FirstRetry;
            }
            else
            {
                pause = retry;
                retry = retry * 2 < Interval ? retry * 2 : Interval;
            }

            _first.TrySetResult();
            await Task.Delay(pause, _time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> TryFetchAsync(CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        try
        {
            var fetched = await _fetch(either.Token).ConfigureAwait(false);
            if (fetched != Current)
            {
                Volatile.Write(ref _current, fetched);
                _changed(fetched);
            }

            return true;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return true;
        }
        catch (OperationCanceledException)
        {
            _failed($"no answer within {Timeout.TotalSeconds:0.###} s");
        }
        catch (KeySetException failure)
        {
            _failed(failure.Message);
        }

        return false;
    }
}
