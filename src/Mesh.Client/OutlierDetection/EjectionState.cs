namespace ProxylessMesh.Client.OutlierDetection;

/// <summary>What outlier detection knows of one endpoint. Counters are atomics on the request path; the rest changes under the detector's lock.</summary>
internal sealed class EjectionState
{
    public int ServerErrorsInARow;

    public int GatewayFailuresInARow;

    public int LocalFailuresInARow;

    /// <summary>For the sweep.</summary>
    public RequestCounts Counts { get; } = new();

    private volatile bool _ejected;

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
