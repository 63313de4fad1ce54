using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.CircuitBreaking;

/// <summary>
/// The limits of one cluster for the whole process (circuit_breaker.proto; gRFC A32). Counters are atomics; only a request that
/// has to wait for a connection meets a lock.
/// </summary>
internal sealed class CircuitBreaker
{
    private readonly ConnectionGate _gate = new();
    private volatile CircuitBreakerConfig _limits = CircuitBreakerConfig.Default;
    private int _requests;
    private int _retries;
    private long _overflows;
    private long _retryOverflows;

    /// <summary>Requests in flight, to the end of their bodies.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Requests that wait for a connection.</summary>
    public int Pending => _gate.Waiting;

    /// <summary>Retries that were decided on and have not been answered.</summary>
    public int Retries => Volatile.Read(ref _retries);

    /// <summary>Requests turned away so far.</summary>
    public long Overflows => Interlocked.Read(ref _overflows);

    /// <summary>Retries not made so far because of the limit.</summary>
    public long RetryOverflows => Interlocked.Read(ref _retryOverflows);

    public void Configure(CircuitBreakerConfig limits)
    {
        _limits = limits;
        _gate.SetLimit(limits.MaxConnections);
    }

    /// <summary>Takes the slots that a request needs, or none. An HTTP/1.1 request has a connection of its own, and may have to wait for it.</summary>
    public ValueTask<Admission> EnterAsync(bool ownConnection, CancellationToken cancellationToken)
    {
        if (!ownConnection || _limits.MaxConnections == int.MaxValue)
        {
            return new ValueTask<Admission>(TakeRequest() ? Admission.Admitted : Admission.TooManyRequests);
        }

        return _gate.TryEnter() ? new ValueTask<Admission>(OnConnection()) : new ValueTask<Admission>(WaitAsync(cancellationToken));
    }

    /// <summary>Gives back what <see cref="EnterAsync"/> took.</summary>
    public void Leave(bool onConnection)
    {
        Interlocked.Decrement(ref _requests);
        if (onConnection)
        {
            _gate.Leave();
        }
    }

    /// <summary>
    /// Whether another retry may start now: max_retries at a time, or with a budget the given share of the requests in flight and
    /// waiting. The failed attempt still counts among those, as in Envoy.
    /// </summary>
    public bool TryBeginRetry()
    {
        var limits = _limits;
        var allowed = limits.RetryBudget is { } budget
            ? Math.Max(budget.MinConcurrency, (int)(budget.Percent / 100 * (Requests + (long)Pending)))
            : limits.MaxRetries;
        if (Interlocked.Increment(ref _retries) <= allowed)
        {
            return true;
        }

        EndRetry();
        Interlocked.Increment(ref _retryOverflows);
        return false;
    }

    /// <summary>The retry has its answer, or failed.</summary>
    public void EndRetry() => Interlocked.Decrement(ref _retries);

    private async Task<Admission> WaitAsync(CancellationToken cancellationToken)
    {
        switch (await _gate.WaitAsync(_limits.MaxPendingRequests, cancellationToken).ConfigureAwait(false))
        {
            case GateResult.Entered:
                return OnConnection();
            case GateResult.Full:
                Interlocked.Increment(ref _overflows);
                return Admission.TooManyPending;
            default:
                return Admission.Cancelled;
        }
    }

    private Admission OnConnection()
    {
        if (TakeRequest())
        {
            return Admission.AdmittedOnConnection;
        }

        _gate.Leave();
        return Admission.TooManyRequests;
    }

    private bool TakeRequest()
    {
        if (Interlocked.Increment(ref _requests) <= _limits.MaxRequests)
        {
            return true;
        }

        Interlocked.Decrement(ref _requests);
        Interlocked.Increment(ref _overflows);
        return false;
    }
}
