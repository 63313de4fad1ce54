using Envoy.Config.Listener.V3;
using Envoy.Extensions.Filters.Network.TcpProxy.V3;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources.Authorization;

namespace ProxylessMesh.Xds.Resources.Listeners;

/// <summary>
/// The network filters of connections that carry no requests: access rules, and the TcpProxy at the end. Every filter is understood
/// or an error: one that is passed over could be the one that keeps somebody out.
/// </summary>
internal static class TcpChainDecoder
{
    private const string ToTheWorkload = "inbound|";

    public static bool IsTcp(FilterChain chain) => chain.Filters.Count > 0 && TypedConfig.Is(chain.Filters[^1].TypedConfig, TypeNames.TcpProxy);

    public static TcpProxyConfig? Decode(IReadOnlyList<Filter> filters, DecodeContext context)
    {
        var rules = new List<NetworkRbacConfig>(filters.Count - 1);
        for (var i = 0; i < filters.Count - 1; i++)
        {
            using (context.Enter("filters", i))
            {
                if (!TypedConfig.Is(filters[i].TypedConfig, TypeNames.NetworkRbac))
                {
                    context.Error($"network filter {DecodeContext.Quote(filters[i].Name)} is not supported before a TcpProxy");
                }
                else if (NetworkRbacDecoder.Decode(filters[i], context) is { } rbac)
                {
                    rules.Add(rbac);
                }
            }
        }

        using (context.Enter("filters", filters.Count - 1))
        {
            var proxy = TypedConfig.Unpack(filters[^1].TypedConfig, TypeNames.TcpProxy, TcpProxy.Parser, "typed_config", context);
            using (context.Enter("typed_config"))
            {
                return proxy is null ? null : Decode(proxy, rules, context);
            }
        }
    }

    private static TcpProxyConfig Decode(TcpProxy proxy, List<NetworkRbacConfig> rules, DecodeContext context)
    {
        UnknownFields.Refuse(proxy, TcpProxy.Parser, context);
        context.Refuse(proxy.IdleTimeout is not null, "idle_timeout");
        context.Refuse(proxy.DownstreamIdleTimeout is not null, "downstream_idle_timeout");
        context.Refuse(proxy.UpstreamIdleTimeout is not null, "upstream_idle_timeout");
        context.Refuse(proxy.MaxDownstreamConnectionDuration is not null, "max_downstream_connection_duration");
        if (!proxy.Cluster.StartsWith(ToTheWorkload, StringComparison.Ordinal))
        {
            context.Error("cluster", $"{DecodeContext.Quote(proxy.Cluster)} is not the workload itself ({ToTheWorkload}...)");
        }

        return new TcpProxyConfig(proxy.Cluster, rules.ToEquatableArray());
    }
}
