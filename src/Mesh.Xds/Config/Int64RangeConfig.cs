namespace ProxylessMesh.Xds.Config;

/// <summary>Half open: start &lt;= value &lt; end.</summary>
internal readonly record struct Int64RangeConfig(long Start, long End);
