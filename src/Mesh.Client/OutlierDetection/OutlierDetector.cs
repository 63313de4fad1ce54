using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.OutlierDetection;

/// <summary>
/// Ejects an endpoint at once when its errors in a row reach the limit, and lets it back after base time x ejections, at a
/// sweep (outlier_detection.proto: consecutive_5xx, consecutive_gateway_failure). The sweep runs only while something is ejected
/// or remembered.
/// </summary>
internal sealed class OutlierDetector(TimeProvider time, Action changed) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly HashSet<Endpoint> _remembered = [];
    private volatile OutlierDetectionConfig? _config;
    private ITimer? _sweep;
    private int _endpoints;

    /// <summary>The cluster's present configuration and endpoints; those that are gone are forgotten.</summary>
    public void Configure(OutlierDetectionConfig? config, HashSet<Endpoint> endpoints)
    {
        lock (_lock)
        {
            _endpoints = endpoints.Count;
            _remembered.IntersectWith(endpoints);
            if (Equals(_config, config))
            {
                return;
            }

            _config = config;
            _sweep?.Dispose();
            _sweep = null;
            if (config is null)
            {
                ForgetAll();
            }
            else if (_remembered.Count > 0)
            {
                StartSweeping(config);
            }
        }
    }

    /// <summary>Counts one attempt. No lock, no allocation, unless it ejects.</summary>
    public void Record(Endpoint endpoint, AttemptVerdict verdict)
    {
        if (_config is not { } config)
        {
            return;
        }

        var state = endpoint.Ejection;
        if (verdict == AttemptVerdict.Success)
        {
            Clear(ref state.ServerErrorsInARow);
            Clear(ref state.GatewayFailuresInARow);
            return;
        }

        var errors = Interlocked.Increment(ref state.ServerErrorsInARow);
        var failures = verdict == AttemptVerdict.GatewayFailure ? Interlocked.Increment(ref state.GatewayFailuresInARow) : 0;
        if ((config.Consecutive5xx > 0 && errors == config.Consecutive5xx)
            || (config.ConsecutiveGatewayFailures > 0 && failures == config.ConsecutiveGatewayFailures))
        {
            Eject(endpoint, config);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _sweep?.Dispose();
            _sweep = null;
            _remembered.Clear();
        }
    }

    private static void Clear(ref int counter)
    {
        // Reading first keeps the cache line shared while all is well.
        if (Volatile.Read(ref counter) != 0)
        {
            Volatile.Write(ref counter, 0);
        }
    }

    private void Eject(Endpoint endpoint, OutlierDetectionConfig config)
    {
        lock (_lock)
        {
            var ejected = _remembered.Count(e => e.Ejection.Ejected);
            var state = endpoint.Ejection;

            // Checked before each ejection, so that one endpoint may always go while any may (gRFC A50).
            if (state.Ejected || _endpoints == 0 || ejected * 100 / _endpoints >= config.MaxEjectionPercent)
            {
                Reset(state);
                return;
            }

            state.Multiplier++;
            state.Until = time.GetUtcNow() + EjectionTime(config, state.Multiplier);
            state.Ejected = true;
            _remembered.Add(endpoint);
            if (_sweep is null)
            {
                StartSweeping(config);
            }
        }

        changed();
    }

    private void StartSweeping(OutlierDetectionConfig config) =>
        _sweep = time.CreateTimer(static self => ((OutlierDetector)self!).Sweep(), this, config.Interval, config.Interval);

    private void Sweep()
    {
        var returned = false;
        lock (_lock)
        {
            var now = time.GetUtcNow();
            foreach (var endpoint in _remembered.ToArray())
            {
                var state = endpoint.Ejection;
                if (!state.Ejected)
                {
                    state.Multiplier--;
                }
                else if (now >= state.Until)
                {
                    state.Ejected = false;
                    Reset(state);
                    returned = true;
                }

                if (!state.Ejected && state.Multiplier <= 0)
                {
                    _remembered.Remove(endpoint);
                }
            }

            if (_remembered.Count == 0)
            {
                _sweep?.Dispose();
                _sweep = null;
            }
        }

        if (returned)
        {
            changed();
        }
    }

    private void ForgetAll()
    {
        foreach (var endpoint in _remembered)
        {
            endpoint.Ejection.Ejected = false;
            endpoint.Ejection.Multiplier = 0;
            Reset(endpoint.Ejection);
        }

        _remembered.Clear();
    }

    private static void Reset(EjectionState state)
    {
        Volatile.Write(ref state.ServerErrorsInARow, 0);
        Volatile.Write(ref state.GatewayFailuresInARow, 0);
    }

    private static TimeSpan EjectionTime(OutlierDetectionConfig config, int multiplier)
    {
        var ceiling = config.BaseEjectionTime > config.MaxEjectionTime ? config.BaseEjectionTime : config.MaxEjectionTime;
        var asked = config.BaseEjectionTime * multiplier;
        return asked < ceiling ? asked : ceiling;
    }
}
