namespace ProxylessMesh.Xds.Config;

/// <summary>A fixed value when all headers match (or do not, without <paramref name="Expect"/>), else no descriptor.</summary>
internal sealed record HeaderMatchActionConfig(string Key, string Value, bool Expect, EquatableArray<HeaderMatchConfig> Headers) : DescriptorActionConfig(Key);
