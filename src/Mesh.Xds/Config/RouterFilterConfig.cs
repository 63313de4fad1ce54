namespace ProxylessMesh.Xds.Config;

/// <summary>The terminal filter: forwards along the route.</summary>
internal sealed record RouterFilterConfig(string Name) : HttpFilterConfig(Name)
{
    /// <summary>Whether the upstream is not told how long it has (x-envoy-expected-rq-timeout-ms).</summary>
    public bool SuppressHeaders { get; init; }
}
