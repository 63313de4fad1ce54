namespace ProxylessMesh.Xds.Config;

/// <summary>A header's value. Without the header there is no entry (<paramref name="SkipIfAbsent"/>) or no descriptor.</summary>
internal sealed record HeaderActionConfig(string Key, string Header, bool SkipIfAbsent) : DescriptorActionConfig(Key);
