namespace ProxylessMesh.Client.OutlierDetection;

/// <summary>What outlier detection knows of one endpoint. Counters are atomics on the request path; the rest changes under the detector's lock.</summary>
internal sealed class EjectionState
{
    public int ServerErrorsInARow;

    public int GatewayFailuresInARow;

    public int LocalFailuresInARow;

    private RequestCounts? _attempts;
    private RequestCounts? _localOrigin;
    private volatile bool _ejected;

    /// <summary>For the sweep, by whether they came to anything; null: none so far.</summary>
    public RequestCounts? Attempts => Volatile.Read(ref _attempts);

    /// <summary>For the sweep, by whether there was a response; null: none so far.</summary>
    public RequestCounts? LocalOrigin => Volatile.Read(ref _localOrigin);

    public void CountAttempt(int interval, bool success) => RequestCounts.Of(ref _attempts).Add(interval, success);

    public void CountLocalOrigin(int interval, bool success) => RequestCounts.Of(ref _localOrigin).Add(interval, success);

    /// <summary>Out of the rotation now.</summary>
    public bool Ejected
    {
        get => _ejected;
        set => _ejected = value;
    }

    /// <summary>The timestamp of the ejection. No wall clock: one that is set must not keep an endpoint away for a day.</summary>
    public long Since { get; set; }

    /// <summary>How long it lasts at least.</summary>
    public TimeSpan Time { get; set; }

    /// <summary>Ejections so far, less one per clean interval: the multiplier of the next ejection's time.</summary>
    public int Multiplier { get; set; }
}
