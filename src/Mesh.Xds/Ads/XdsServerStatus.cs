using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Ads;

/// <summary>A server that is used or tried.</summary>
/// <param name="Name">The transport's name.</param>
/// <param name="Connected">A stream is open and has brought at least one response.</param>
/// <param name="LastError">Why the last stream ended; null when it ended in order or never did.</param>
/// <param name="Authorities">Those that use it now; "" = plain names. None: it is only tried again, to return to it.</param>
internal sealed record XdsServerStatus(string Name, bool Connected, string? LastError, EquatableArray<string> Authorities);
