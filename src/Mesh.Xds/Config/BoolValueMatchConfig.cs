namespace ProxylessMesh.Xds.Config;

/// <summary>bool_match.</summary>
internal sealed record BoolValueMatchConfig(bool Value) : ValueMatchConfig;
