using Envoy.Config.Listener.V3;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Resources.Listeners;

/// <summary>FilterChainMatch.server_names: whole names, or <c>*.suffix</c>; only of TLS connections is anything known that could match.</summary>
internal static class ServerNamesDecoder
{
    public static EquatableArray<string> Decode(FilterChainMatch? match, DecodeContext context)
    {
        if (match is null || match.ServerNames.Count == 0)
        {
            return [];
        }

        var names = new List<string>(match.ServerNames.Count);
        using (context.Enter("filter_chain_match"))
        {
            if (match.TransportProtocol != "tls")
            {
                context.Error("server_names", "needs transport_protocol tls");
            }

            for (var i = 0; i < match.ServerNames.Count; i++)
            {
                using (context.Enter("server_names", i))
                {
                    var name = match.ServerNames[i];
                    var suffix = name.StartsWith("*.", StringComparison.Ordinal) ? name[2..] : name;
                    if (suffix.Length == 0 || suffix.Contains('*', StringComparison.Ordinal))
                    {
                        context.Error($"{DecodeContext.Quote(name)} is neither a name nor *.suffix");
                    }

                    names.Add(name.ToLowerInvariant());
                }
            }
        }

        return names.ToEquatableArray();
    }
}
