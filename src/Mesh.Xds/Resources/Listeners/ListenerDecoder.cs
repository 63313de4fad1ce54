using Envoy.Config.Listener.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Resources.Listeners;

/// <summary>Listener: the outbound form with an api_listener (gRFC A27), or the inbound socket form (gRFC A36).</summary>
internal static class ListenerDecoder
{
    public static ListenerConfig? Decode(Listener listener, DecodeContext context) =>
        listener.ApiListener is null
            ? InboundListenerDecoder.Decode(listener, context)
            : DecodeOutbound(listener, context);

    private static OutboundListenerConfig? DecodeOutbound(Listener listener, DecodeContext context)
    {
        if (listener.FilterChains.Count > 0 || listener.DefaultFilterChain is not null)
        {
            context.Error("api_listener", "cannot stand beside filter chains");
        }

        using (context.Enter("api_listener"))
        {
            var manager = TypedConfig.Unpack(
                listener.ApiListener.ApiListener_, TypeNames.HttpConnectionManager, HttpConnectionManager.Parser, "api_listener", context);
            using (context.Enter("api_listener"))
            {
                return manager is not null && HttpConnectionDecoder.Decode(manager, ListenerSide.Outbound, context) is { } http
                    ? new OutboundListenerConfig(listener.Name, http)
                    : null;
            }
        }
    }
}
