using ProxylessMesh.Server.Filters;
using ProxylessMesh.Server.Peers;
using ProxylessMesh.Server.Policy;

namespace ProxylessMesh.Server.Listening;

/// <summary>
/// Judges a connection of a port that carries bytes, by what is known of it: the peer that its handshake proved, and its addresses.
/// Asked before the first byte reaches the app, and again of open connections when the policy changes.
/// </summary>
internal static class ByteAdmission
{
    /// <summary>Null: it may go on. Otherwise why not, for the log.</summary>
    public static string? Refuse(InboundPolicy policy, InboundConnection connection) =>
        InboundFiltering.ChainOf(policy, connection) is not { } chain ? "the policy does not accept it"
        : chain.HasFilters ? "the port's policies judge HTTP requests, and it carries TCP"
        : null;
}
