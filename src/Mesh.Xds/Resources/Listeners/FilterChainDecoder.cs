using Envoy.Config.Listener.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources.Tls;

namespace ProxylessMesh.Xds.Resources.Listeners;

/// <summary>FilterChain: TLS or not, and its network filters: an HttpConnectionManager alone (gRFC A36), or what <see cref="TcpChainDecoder"/> reads.</summary>
internal static class FilterChainDecoder
{
    public static FilterChainConfig? Decode(FilterChain chain, TransportMatch match, DecodeContext context)
    {
        context.Refuse(chain.UseProxyProto == true, "use_proxy_proto");
        var isTcp = TcpChainDecoder.IsTcp(chain);
        var tcp = isTcp ? TcpChainDecoder.Decode(chain.Filters, context) : null;
        var http = isTcp ? null : Http(chain, context);
        var tls = TransportSockets.DecodeDownstream(chain.TransportSocket, context);
        if (context.HasErrors)
        {
            return null;
        }

        // Either would accept connections and then fail every one of them.
        if (match == TransportMatch.Tls && tls is null)
        {
            context.Error("transport_socket", "is missing: the chain takes TLS connections");
        }
        else if (match == TransportMatch.Plaintext && tls is not null)
        {
            context.Error("transport_socket", "wants TLS, but the chain takes plaintext connections");
        }

        return http is null && tcp is null ? null : new FilterChainConfig(chain.Name, match, tls, http) { Tcp = tcp };
    }

    private static HttpConnectionConfig? Http(FilterChain chain, DecodeContext context)
    {
        HttpConnectionConfig? http = null;
        if (chain.Filters.Count == 0)
        {
            context.Error("filters", "must end in an HttpConnectionManager or a TcpProxy");
        }

        for (var i = 0; i < chain.Filters.Count; i++)
        {
            using (context.Enter("filters", i))
            {
                var filter = chain.Filters[i];
                if (i < chain.Filters.Count - 1)
                {
                    context.Error($"network filter {DecodeContext.Quote(filter.Name)} is not supported before an HttpConnectionManager");
                    continue;
                }

                var manager = TypedConfig.Unpack(
                    filter.TypedConfig, TypeNames.HttpConnectionManager, HttpConnectionManager.Parser, "typed_config", context);
                using (context.Enter("typed_config"))
                {
                    http = manager is null ? null : HttpConnectionDecoder.Decode(manager, ListenerSide.Inbound, context);
                }
            }
        }

        return http;
    }
}
