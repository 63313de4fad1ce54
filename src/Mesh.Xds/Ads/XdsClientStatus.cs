using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Ads;

/// <summary>What the client knows of its connection and its resources.</summary>
/// <param name="Server">Name of the transport that is in use for plain names.</param>
/// <param name="Connected">A stream to it is open and has brought at least one response.</param>
/// <param name="LastError">Why its last stream ended; null when it ended in order or never did.</param>
/// <param name="Types">By type URL.</param>
internal sealed record XdsClientStatus(string Server, bool Connected, string? LastError, EquatableArray<XdsTypeStatus> Types)
{
    /// <summary>Who we say we are.</summary>
    public NodeInfo? Node { get; init; }

    /// <summary>All servers that are used or tried.</summary>
    public EquatableArray<XdsServerStatus> Servers { get; init; } = [];
}
