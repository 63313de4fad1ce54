using Envoy.Extensions.Filters.Http.Fault.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Resources.Faults;

/// <summary>The fault filter of a chain. Disabled: it is there for routes to switch on.</summary>
internal static class FaultFilterDecoder
{
    public static FaultFilterConfig Decode(HttpFilter filter, DecodeContext context)
    {
        var fault = TypedConfig.Unpack(filter.TypedConfig, TypeNames.HttpFault, HTTPFault.Parser, "typed_config", context);
        using (context.Enter("typed_config"))
        {
            var config = fault is null ? null : FaultDecoder.Decode(fault, context);
            return new FaultFilterConfig(filter.Name, filter.Disabled ? null : config);
        }
    }
}
