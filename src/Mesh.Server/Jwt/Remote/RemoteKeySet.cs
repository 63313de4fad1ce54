using Microsoft.Extensions.Logging;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Jose;

namespace ProxylessMesh.Server.Jwt.Remote;

/// <summary>Keys that this process fetches and refreshes. Until they are known, and where they cannot be had, they verify nothing.</summary>
internal sealed partial class RemoteKeySet : IDisposable
{
    private readonly RemoteKeySetConfig _config;
    private readonly ILogger _logger;
    private readonly KeySetRefresh _refresh;
    private volatile JsonWebKeySet _keys = JsonWebKeySet.Empty;

    public RemoteKeySet(RemoteKeySetConfig config, RemoteKeySetFetch fetch, TimeProvider time, ILogger logger)
    {
        _config = config;
        _logger = logger;
        _refresh = new KeySetRefresh(fetch.RunAsync, OnChanged, OnFailed, time)
        {
            Interval = config.CacheDuration,
            FirstRetry = config.RefetchDelay < config.CacheDuration ? config.RefetchDelay : config.CacheDuration,
            Timeout = fetch.Longest,
        };
        _refresh.Start();
    }

    /// <summary>The newest.</summary>
    public JsonWebKeySet Keys => _keys;

    /// <summary>Completes when the first fetch has succeeded or failed.</summary>
    public Task First => _refresh.First;

    public void Dispose() => _refresh.Dispose();

    private void OnChanged(string json)
    {
        if (JsonWebKeySet.TryParse(json, out var keys, out _))
        {
            _keys = keys;
            Log.Fetched(_logger, _config);
        }
    }

    private void OnFailed(string reason)
    {
        if (_keys.Keys.Count == 0)
        {
            Log.Unknown(_logger, _config, reason);
        }
        else
        {
            Log.Stale(_logger, _config, reason);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3850, LogLevel.Information, "The token keys of {Address} were fetched: they are new.")]
        public static partial void Fetched(ILogger logger, RemoteKeySetConfig address);

        [LoggerMessage(3851, LogLevel.Warning, "The token keys of {Address} cannot be fetched: {Reason}. The last ones stay in force.")]
        public static partial void Stale(ILogger logger, RemoteKeySetConfig address, string reason);

        [LoggerMessage(3852, LogLevel.Error, "The token keys of {Address} cannot be fetched: {Reason}. Until they are, its tokens are refused.")]
        public static partial void Unknown(ILogger logger, RemoteKeySetConfig address, string reason);
    }
}
