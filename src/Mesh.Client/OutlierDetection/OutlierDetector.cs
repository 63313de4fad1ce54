using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Randomness;

namespace ProxylessMesh.Client.OutlierDetection;

/// <summary>
/// Ejects an endpoint at once when its errors in a row reach the limit, or at a sweep when it does worse than it may or than its
/// fellows, and lets it back after base time x ejections, at a sweep (outlier_detection.proto; gRFC A50). Without sweeps of
/// counts, it sweeps only while something is ejected or remembered.
/// </summary>
internal sealed class OutlierDetector(TimeProvider time, IRandomSource random, Action changed) : IDisposable
{
    private const int Percent = 100;

    private readonly Lock _lock = new();
    private readonly HashSet<Endpoint> _remembered = [];
    private volatile OutlierDetectionConfig? _config;
    private IReadOnlyCollection<Endpoint> _endpoints = [];
    private HashSet<Endpoint>? _members;
    private ITimer? _sweep;
    private volatile int _interval;

    /// <summary>Responses that are errors; null: 5xx.</summary>
    public StatusSet? Errors => _config?.Errors;

    /// <summary>Made when something is first ejected: most lists are replaced before.</summary>
    private HashSet<Endpoint> Members => _members ??= [.. _endpoints];

    /// <summary>The cluster's present configuration and endpoints; those that are gone are forgotten.</summary>
    /// <param name="config">Null: off, and nobody stays ejected.</param>
    /// <param name="endpoints">Need not be filled while it is off.</param>
    public void Configure(OutlierDetectionConfig? config, IReadOnlyCollection<Endpoint> endpoints)
    {
        lock (_lock)
        {
            _endpoints = endpoints;
            _members = null;
            if (config is not null && _remembered.Count > 0)
            {
                _remembered.IntersectWith(Members);
            }

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
            else if (_remembered.Count > 0 || config.HasSweeps)
            {
                StartSweeping(config);
            }
        }
    }

    /// <summary>An endpoint goes on under another object, with the same <see cref="EjectionState"/>.</summary>
    public void Replace(Endpoint old, Endpoint renewed)
    {
        lock (_lock)
        {
            _endpoints = [.. _endpoints.Select(e => e == old ? renewed : e)];
            _members = null;
            if (_remembered.Remove(old))
            {
                _remembered.Add(renewed);
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
        if (verdict == AttemptVerdict.LocalFailure && config.SplitLocalOrigin)
        {
            if (config.SweepsLocalOrigin)
            {
                state.CountLocalOrigin(_interval, success: false);
            }

            Count(endpoint, ref state.LocalFailuresInARow, config.ConsecutiveLocalOriginFailures, config.EnforcingConsecutiveLocalOriginFailures, config);
            return;
        }

        // Any response shows that the endpoint can be reached.
        Clear(ref state.LocalFailuresInARow);
        if (config.SweepsLocalOrigin)
        {
            state.CountLocalOrigin(_interval, success: true);
        }

        if (config.SweepsAttempts)
        {
            state.CountAttempt(_interval, verdict == AttemptVerdict.Success);
        }

        if (verdict == AttemptVerdict.Success)
        {
            Clear(ref state.ServerErrorsInARow);
            Clear(ref state.GatewayFailuresInARow);
            return;
        }

        Count(endpoint, ref state.ServerErrorsInARow, config.Consecutive5xx, config.EnforcingConsecutive5xx, config);
        if (verdict == AttemptVerdict.ServerError)
        {
            Clear(ref state.GatewayFailuresInARow);
        }
        else
        {
            Count(endpoint, ref state.GatewayFailuresInARow, config.ConsecutiveGatewayFailures, config.EnforcingConsecutiveGatewayFailures, config);
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

    /// <summary>At the limit the count starts anew, whether or not the dice let the endpoint go.</summary>
    private void Count(Endpoint endpoint, ref int counter, int limit, int enforcing, OutlierDetectionConfig config)
    {
        if (Interlocked.Increment(ref counter) != limit)
        {
            return;
        }

        if (!IsEnforced(enforcing))
        {
            Volatile.Write(ref counter, 0);
            return;
        }

        bool ejected;
        lock (_lock)
        {
            ejected = TryEject(endpoint, config);
        }

        if (ejected)
        {
            changed();
        }
    }

    private bool IsEnforced(int percent) => percent >= Percent || random.Next(Percent) < percent;

    private bool TryEject(Endpoint endpoint, OutlierDetectionConfig config)
    {
        var ejected = _remembered.Count(e => e.Ejection.Ejected);
        var state = endpoint.Ejection;

        // Checked before each ejection, so that one endpoint may always go while any may (gRFC A50).
        var allowed = ejected * Percent < config.MaxEjectionPercent * _endpoints.Count || (config.AlwaysEjectOne && ejected == 0);
        if (state.Ejected || !Members.Contains(endpoint) || !allowed)
        {
            Reset(state);
            return false;
        }

        state.Multiplier++;
        state.Since = time.GetTimestamp();
        state.Time = EjectionTime(config, state.Multiplier) + (random.NextDouble() * config.MaxJitter);
        state.Ejected = true;
        _remembered.Add(endpoint);
        if (_sweep is null)
        {
            StartSweeping(config);
        }

        return true;
    }

    private void StartSweeping(OutlierDetectionConfig config) =>
        _sweep = time.CreateTimer(static self => ((OutlierDetector)self!).Sweep(), this, config.Interval, config.Interval);

    private void Sweep()
    {
        var differs = false;
        lock (_lock)
        {
            if (_config is not { } config)
            {
                return;
            }

            if (config.HasSweeps)
            {
                differs = EjectByCounts(config);
            }

            foreach (var endpoint in _remembered.ToArray())
            {
                var state = endpoint.Ejection;
                if (!state.Ejected)
                {
                    state.Multiplier--;
                }
                else if (time.GetElapsedTime(state.Since) >= state.Time)
                {
                    state.Ejected = false;
                    Reset(state);
                    differs = true;
                }

                if (!state.Ejected && state.Multiplier <= 0)
                {
                    _remembered.Remove(endpoint);
                }
            }

            if (_remembered.Count == 0 && !config.HasSweeps)
            {
                _sweep?.Dispose();
                _sweep = null;
            }
        }

        if (differs)
        {
            changed();
        }
    }

    private bool EjectByCounts(OutlierDetectionConfig config)
    {
        var over = _interval;
        _interval = over + 1;
        var ejected = config.SweepsAttempts && EjectBy(Counts(static state => state.Attempts, over), config.SuccessRate, config.FailurePercentage, config);
        return (config.SweepsLocalOrigin
            && EjectBy(Counts(static state => state.LocalOrigin, over), config.LocalOriginSuccessRate, config.LocalOriginFailurePercentage, config))
            || ejected;
    }

    private List<IntervalCount> Counts(Func<EjectionState, RequestCounts?> kind, int interval)
    {
        var counts = new List<IntervalCount>(_endpoints.Count);
        foreach (var endpoint in _endpoints)
        {
            var (total, successes) = (endpoint.Recorded is { } state ? kind(state)?.Take(interval) : null) ?? default;
            counts.Add(new IntervalCount(endpoint, total, successes));
        }

        return counts;
    }

    private bool EjectBy(List<IntervalCount> counts, SuccessRateConfig? rate, FailurePercentageConfig? percentage, OutlierDetectionConfig config)
    {
        var ejected = rate is not null && EjectAll(OutlierSweep.BySuccessRate(rate, counts), rate.Enforcing, config);
        return (percentage is not null && EjectAll(OutlierSweep.ByFailurePercentage(percentage, counts), percentage.Enforcing, config)) || ejected;
    }

    private bool EjectAll(IEnumerable<Endpoint> outliers, int enforcing, OutlierDetectionConfig config)
    {
        var ejected = false;
        foreach (var endpoint in outliers)
        {
            ejected |= IsEnforced(enforcing) && TryEject(endpoint, config);
        }

        return ejected;
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
        Volatile.Write(ref state.LocalFailuresInARow, 0);
    }

    private static TimeSpan EjectionTime(OutlierDetectionConfig config, int multiplier)
    {
        var ceiling = config.BaseEjectionTime > config.MaxEjectionTime ? config.BaseEjectionTime : config.MaxEjectionTime;
        var asked = config.BaseEjectionTime * multiplier;
        return asked < ceiling ? asked : ceiling;
    }
}
