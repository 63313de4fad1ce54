using System.Net;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Randomness;

namespace ProxylessMesh.Client.NameResolution;

/// <summary>
/// One name, looked up again and again. A failed look-up, also one that says that the name is gone, leaves the last known
/// addresses in force: name servers fail more often than services vanish.
/// </summary>
internal sealed class NameWatch : IDisposable
{
    private readonly INameResolver _resolver;
    private readonly DnsConfig _config;
    private readonly TimeProvider _time;
    private readonly IRandomSource _random;
    private readonly Action _onChanged;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile IReadOnlyList<IPAddress> _addresses = [];
    private volatile string? _error;
    private int _failures;

    /// <param name="name">What to look up.</param>
    /// <param name="config">How often, and what.</param>
    /// <param name="resolver">Whom to ask.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">Of the jitter.</param>
    /// <param name="onChanged">The addresses are others than before, or the first look-up has ended. Called one at a time.</param>
    public NameWatch(string name, DnsConfig config, INameResolver resolver, TimeProvider time, IRandomSource random, Action onChanged)
    {
        Name = name;
        (_config, _resolver, _time, _random, _onChanged) = (config, resolver, time, random, onChanged);
        var stopped = _stop.Token;
        _ = Task.Run(() => RunAsync(stopped), CancellationToken.None);
    }

    public string Name { get; }

    /// <summary>As last found; none: nothing was ever found.</summary>
    public IReadOnlyList<IPAddress> Addresses => _addresses;

    /// <summary>Why the last look-up failed; null: it did not.</summary>
    public string? Error => _error;

    /// <summary>Completes when the first look-up has ended, one way or the other.</summary>
    public Task Settled => _settled.Task;

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
        _settled.TrySetResult();
    }

    private async Task RunAsync(CancellationToken stopped)
    {
        try
        {
            while (true)
            {
                var answer = await _resolver.ResolveAsync(Name, _config.Family, stopped).ConfigureAwait(false);
                Take(answer);
                await Task.Delay(Pause(answer), _time, stopped).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Nobody wants to know any more.
        }
    }

    private void Take(NameAnswer answer)
    {
        _failures = answer.Error is null ? 0 : _failures + 1;
        _error = answer.Error;
        var changed = answer.Error is null && !answer.Addresses.SequenceEqual(_addresses);
        if (changed)
        {
            _addresses = answer.Addresses;
        }

        if (changed || !_settled.Task.IsCompleted)
        {
            _onChanged();
            _settled.TrySetResult();
        }
    }

    private TimeSpan Pause(NameAnswer answer)
    {
        var pause = answer.Error is not null ? AfterFailure()
            : _config.RespectTtl && answer.TimeToLive is { Ticks: > 0 } alive ? alive
            : _config.RefreshRate;
        return pause + (_config.Jitter * _random.NextDouble());
    }

    /// <summary>Envoy, dns_failure_refresh_rate: a random time below base x 2^n, capped.</summary>
    private TimeSpan AfterFailure()
    {
        if (_config.FailureBase is not { } shortest)
        {
            return _config.RefreshRate;
        }

        var ceiling = Math.Min(shortest.TotalMilliseconds * Math.Pow(2, Math.Min(_failures - 1, 30)), _config.FailureMaximum.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(Math.Max(1, ceiling * (0.5 + (_random.NextDouble() / 2))));
    }
}
