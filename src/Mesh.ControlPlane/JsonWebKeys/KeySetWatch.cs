using ProxylessMesh.Xds.Jose;

namespace ProxylessMesh.ControlPlane.JsonWebKeys;

/// <summary>Keeps the keys of one address fresh until disposed, and says how that goes.</summary>
internal sealed partial class KeySetWatch : IDisposable
{
    private readonly KeySetAddress _address;
    private readonly Action _changed;
    private readonly ILogger _logger;
    private readonly KeySetRefresh _refresh;

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
        (_address, _changed, _logger) = (address, changed, logger);
        _refresh = new KeySetRefresh(stop => fetch(address, stop), OnChanged, OnFailed, time)
        {
            Interval = limits.Refresh,
            FirstRetry = limits.FirstRetry,
            Timeout = timeout,
        };
    }

    /// <summary>Of one fetch.</summary>
    public TimeSpan Timeout
    {
        get => _refresh.Timeout;
        set => _refresh.Timeout = value;
    }

    /// <summary>Null until the first fetch has succeeded.</summary>
    public string? Current => _refresh.Current;

    /// <summary>Fetches now and from then on.</summary>
    public void Start() => _refresh.Start();

    public void Dispose() => _refresh.Dispose();

    private void OnChanged(string keys)
    {
        Log.Fetched(_logger, _address);
        _changed();
    }

    private void OnFailed(string reason)
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
