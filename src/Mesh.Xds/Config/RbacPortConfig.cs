namespace ProxylessMesh.Xds.Config;

/// <summary>destination_port and destination_port_range, half open: start &lt;= port &lt; end.</summary>
internal sealed record RbacPortConfig(int Start, int End) : RbacConditionConfig;
