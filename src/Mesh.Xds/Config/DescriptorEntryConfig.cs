namespace ProxylessMesh.Xds.Config;

/// <summary>One entry of a rate limit descriptor.</summary>
/// <param name="Key">What the value is of.</param>
/// <param name="Value">Empty, where limits are configured: any, each with a bucket of its own.</param>
internal readonly record struct DescriptorEntryConfig(string Key, string Value);
