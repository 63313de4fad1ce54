namespace ProxylessMesh.Xds.Config;

/// <summary>Makes one entry of a descriptor from a request. Derived records say how.</summary>
/// <param name="Key">Of the entry.</param>
internal abstract record DescriptorActionConfig(string Key);
