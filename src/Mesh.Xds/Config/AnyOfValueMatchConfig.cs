namespace ProxylessMesh.Xds.Config;

/// <summary>or_match.</summary>
internal sealed record AnyOfValueMatchConfig(EquatableArray<ValueMatchConfig> Items) : ValueMatchConfig;
