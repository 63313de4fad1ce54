using Envoy.Extensions.Filters.Http.Router.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Resources.Listeners;

/// <summary>The router filter.</summary>
internal static class RouterDecoder
{
    public static RouterFilterConfig Decode(HttpFilter filter, DecodeContext context)
    {
        context.Refuse(filter.Disabled, "disabled");
        var router = TypedConfig.Unpack(filter.TypedConfig, TypeNames.Router, Router.Parser, "typed_config", context);
        context.Refuse(router?.UpstreamHttpFilters.Count > 0, "typed_config.upstream_http_filters");
        return new RouterFilterConfig(filter.Name) { SuppressHeaders = router?.SuppressEnvoyHeaders == true };
    }
}
