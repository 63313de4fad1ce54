namespace ProxylessMesh.Xds.Config;

/// <summary>All parts must hold. <paramref name="RuntimeFractionPerMillion"/>: share of requests that match, in millionths; null = all.</summary>
internal sealed record RouteMatchConfig(
    PathMatchConfig Path,
    EquatableArray<HeaderMatchConfig> Headers,
    EquatableArray<QueryMatchConfig> Query,
    int? RuntimeFractionPerMillion)
{
    /// <summary>Only gRPC calls, by their content type.</summary>
    public bool OnlyGrpc { get; init; }
}
