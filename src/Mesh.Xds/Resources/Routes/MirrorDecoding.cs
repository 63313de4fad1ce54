using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Resources.Routes;

/// <summary>Mirrors, or what of them we cannot do.</summary>
internal readonly record struct MirrorDecoding(EquatableArray<MirrorConfig> Mirrors, string? Unsupported);
