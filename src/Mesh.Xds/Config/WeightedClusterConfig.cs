namespace ProxylessMesh.Xds.Config;

/// <summary>A share of a route's requests.</summary>
internal readonly record struct WeightedClusterConfig(string Cluster, uint Weight)
{
    private readonly HeaderMutationsConfig? _headers;

    /// <summary>Only of requests to this cluster; made before the route's.</summary>
    public HeaderMutationsConfig Headers
    {
        get => _headers ?? HeaderMutationsConfig.None;
        init => _headers = value == HeaderMutationsConfig.None ? null : value;
    }

    /// <summary>The Host of requests to this cluster; the route's own wins over it.</summary>
    public string? HostRewrite { get; init; }

    /// <summary>What the cluster's share of requests asks of filters, by instance name; beats the route's.</summary>
    public EquatableArray<HttpFilterConfig> FilterOverrides { get; init; } = [];
}
