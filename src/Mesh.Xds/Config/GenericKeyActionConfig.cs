namespace ProxylessMesh.Xds.Config;

/// <summary>Always the same value.</summary>
internal sealed record GenericKeyActionConfig(string Key, string Value) : DescriptorActionConfig(Key);
