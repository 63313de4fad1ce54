namespace ProxylessMesh.ControlPlane.JsonWebKeys;

/// <summary>Keeps the keys of one address fresh until disposed. What was fetched last stays in force when a fetch fails.</summary>
internal sealed partial class KeySetWatch : IDisposable
{
    private readonly KeySetAddress _address;
    private readonly KeySetLimits _limits;
    private readonly Func<KeySetAddress, CancellationToken, Task<string>> _fetch;
    private readonly Action _changed;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private string? _current;

    /// <param name="address">Of the keys.</param>
    /// <param name="timeout">Of one fetch.</param>
    /// <param name="limits">Intervals.</param>
    /// <param name="fetch">Gets the keys, or throws <see cref="KeySetException"/>.</param>
    /// <param name="changed">Called after each change of <see cref="Current"/>.</param>
    /// <param name="time">Clock.</param>
    /// <param name="logger">Hears of failures.</param>
    public KeySetWatch(
        KeySetAddress address,
        TimeSpan timeout,
        KeySetLimits limits,
        Func<KeySetAddress, CancellationToken, Task<string>> fetch,
        Action changed,
        TimeProvider time,
        ILogger logger)
    {
        (_address, Timeout, _limits, _fetch, _changed, _time, _logger) = (address, timeout, limits, fetch, changed, time, logger);
    }

    /// <summary>Of one fetch.</summary>
    public TimeSpan Timeout { get; set; }

    /// <summary>Null until the first fetch has succeeded.</summary>
    public string? Current => Volatile.Read(ref _current);

    /// <summary>Fetches now and from then on.</summary>
    public void Start() => _ = RunAsync();

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var stop = _stop.Token;
        var retry = _limits.FirstRetry;
        while (!stop.IsCancellationRequested)
        {
            TimeSpan pause;
            if (await TryFetchAsync(stop).ConfigureAwait(false))
            {
                pause = _limits.Refresh;
                retry = _limits.FirstRetry;
            }
            else
            {
                pause = retry;
                retry = retry * 2 < _limits.Refresh ? retry * 2 : _limits.Refresh;
            }

            await Task.Delay(pause, _time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> TryFetchAsync(CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        try
        {
            var fetched = await _fetch(_address, either.Token).ConfigureAwait(false);
            if (fetched != Current)
            {
                Volatile.Write(ref _current, fetched);
                Log.Fetched(_logger, _address);
                _changed();
            }

            return true;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return true;
        }
        catch (OperationCanceledException)
        {
            Failed($"no answer within {Timeout.TotalSeconds:0.###} s");
        }
        catch (KeySetException failure)
        {
            Failed(failure.Message);
        }

        return false;
    }

    private void Failed(string reason)
    {
        if (Current is null)
        {
            Log.Unknown(_logger, _address, reason);
        }
        else
        {
            Log.Stale(_logger, _address, reason);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(4410, LogLevel.Information, "The keys of {Address} were fetched: they are new.")]
        public static partial void Fetched(ILogger logger, KeySetAddress address);

        [LoggerMessage(4411, LogLevel.Warning, "The keys of {Address} cannot be fetched: {Reason}. The last ones stay in force.")]
        public static partial void Stale(ILogger logger, KeySetAddress address, string reason);

        [LoggerMessage(4412, LogLevel.Error, "The keys of {Address} cannot be fetched: {Reason}. Until they are, tokens of this issuer are refused.")]
        public static partial void Unknown(ILogger logger, KeySetAddress address, string reason);
    }
}
