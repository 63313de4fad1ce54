using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Resources.Cors;

/// <summary>The CORS filter of a chain: it only says that policies count.</summary>
internal static class CorsFilterDecoder
{
    public static CorsFilterConfig Decode(HttpFilter filter, DecodeContext context)
    {
        TypedConfig.Unpack(
            filter.TypedConfig, TypeNames.Cors, Envoy.Extensions.Filters.Http.Cors.V3.Cors.Parser, "typed_config", context);
        return new CorsFilterConfig(filter.Name, null) { Disabled = filter.Disabled };
    }
}
