namespace ProxylessMesh.Xds.Config;

/// <summary>The SPIFFE id of the caller.</summary>
/// <param name="Key">Of the entry.</param>
/// <param name="Fallback">For callers without one; null: no entry (<paramref name="SkipIfAbsent"/>) or no descriptor.</param>
/// <param name="SkipIfAbsent">What a missing id means where there is no fallback.</param>
internal sealed record PeerActionConfig(string Key, string? Fallback, bool SkipIfAbsent) : DescriptorActionConfig(Key);
