using System.Collections.Frozen;
using Microsoft.Extensions.Primitives;

namespace ProxylessMesh.Sidecar.Forwarding;

/// <summary>The header fields that are about one connection and end with it (RFC 9110, section 7.6.1).</summary>
internal static class HopByHop
{
    // Trailer announces fields that a proxy may drop; it is passed on only where they are. Proxy-Authorization is meant for a proxy.
    private static readonly FrozenSet<string> Names = FrozenSet.ToFrozenSet(
        ["Connection", "Keep-Alive", "Proxy-Connection", "Transfer-Encoding", "TE", "Trailer", "Upgrade", "HTTP2-Settings", "Proxy-Authorization"],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the field ends here.</summary>
    /// <param name="name">Of the field.</param>
    /// <param name="connection">The message's Connection fields.</param>
    public static bool Ends(string name, StringValues connection) =>
        Names.Contains(name) || (connection.Count > 0 && HasToken(connection, name));

    /// <summary>Whether a list of tokens holds this one, whatever its letter case and parameters.</summary>
    public static bool HasToken(StringValues list, string token)
    {
        foreach (var value in list)
        {
            var rest = value.AsSpan();
            while (!rest.IsEmpty)
            {
                var comma = rest.IndexOf(',');
                var item = comma < 0 ? rest : rest[..comma];
                rest = comma < 0 ? default : rest[(comma + 1)..];
                var semicolon = item.IndexOf(';');
                if ((semicolon < 0 ? item : item[..semicolon]).Trim(" \t").Equals(token, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
