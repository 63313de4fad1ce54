using Envoy.Config.Cluster.V3;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources.Endpoints;
using ProxylessMesh.Xds.Resources.Tls;

namespace ProxylessMesh.Xds.Resources.Clusters;

/// <summary>Cluster.transport_socket_matches: Istio's automatic mutual TLS.</summary>
internal static class TlsMatchDecoder
{
    public static EquatableArray<TlsMatchConfig> Decode(Cluster cluster, DecodeContext context)
    {
        var matches = new List<TlsMatchConfig>(cluster.TransportSocketMatches.Count);
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < cluster.TransportSocketMatches.Count; i++)
        {
            using (context.Enter("transport_socket_matches", i))
            {
                var match = cluster.TransportSocketMatches[i];
                if (match.Name.Length == 0)
                {
                    context.Error("name", "must not be empty");
                }
                else if (!names.Add(match.Name))
                {
                    context.Error("name", $"{DecodeContext.Quote(match.Name)} is used twice");
                }

                matches.Add(new TlsMatchConfig(
                    match.Name,
                    MatchMetadata.OfMatch(match.Match, context),
                    TransportSockets.DecodeUpstream(match.TransportSocket, context)));
            }
        }

        return matches.ToEquatableArray();
    }
}
