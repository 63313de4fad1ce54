namespace ProxylessMesh.Xds.Config;

/// <summary>double_match: start &lt;= number &lt; end, or exactly <paramref name="Exact"/>.</summary>
internal sealed record NumberValueMatchConfig(double? Exact, double Start, double End) : ValueMatchConfig;
