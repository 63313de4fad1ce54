using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Ads;

/// <summary>What the client knows of its connection and its resources.</summary>
/// <param name="Server">The transport's name.</param>
/// <param name="Connected">A stream is open and has brought at least one response.</param>
/// <param name="LastError">Why the last stream ended; null when it ended in order or never did.</param>
/// <param name="Types">By type URL.</param>
internal sealed record XdsClientStatus(string Server, bool Connected, string? LastError, EquatableArray<XdsTypeStatus> Types);
