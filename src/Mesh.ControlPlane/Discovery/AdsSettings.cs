namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>What one client may cost.</summary>
internal sealed record AdsSettings
{
    /// <summary>Names that a stream may subscribe to, per type.</summary>
    public int MaxNamesPerType { get; init; } = 10_000;

    /// <summary>In UTF-16 code units.</summary>
    public int MaxNameLength { get; init; } = 1024;

    /// <summary>A client that does not take a response for this long is disconnected; it will come back with a clean slate.</summary>
    public TimeSpan WriteTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
