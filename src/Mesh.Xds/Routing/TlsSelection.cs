using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Routing;

/// <summary>Which TLS an endpoint is spoken to with: the first transport_socket_match whose labels it carries, else the cluster's (Envoy, transport_socket_matches).</summary>
internal static class TlsSelection
{
    public static UpstreamTlsConfig? For(ClusterConfig cluster, EndpointConfig endpoint)
    {
        foreach (var match in cluster.TlsMatches)
        {
            if (match.Match.IsSubsetOf(endpoint.TransportMatch))
            {
                return match.Tls;
            }
        }

        return cluster.Tls;
    }
}
