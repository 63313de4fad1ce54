using Envoy.Extensions.Filters.Http.Fault.V3;
using Envoy.Extensions.Filters.Http.Router.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources.Faults;

namespace ProxylessMesh.Xds.Resources.Listeners;

/// <summary>
/// The HTTP filter chain (gRFC A39): unique names, the router last and nowhere else; a filter that we do not know is an
/// error unless it is optional. One that is disabled here could be enabled by a route, so it counts the same.
/// </summary>
internal static class HttpFilterDecoder
{
    public static EquatableArray<HttpFilterConfig> Decode(IReadOnlyList<HttpFilter> filters, DecodeContext context)
    {
        var decoded = new List<HttpFilterConfig>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < filters.Count; i++)
        {
            using (context.Enter("http_filters", i))
            {
                var filter = filters[i];
                if (filter.Name.Length == 0)
                {
                    context.Error("name", "must not be empty");
                }
                else if (!names.Add(filter.Name))
                {
                    context.Error("name", $"{DecodeContext.Quote(filter.Name)} is used twice");
                }

                var isLast = i == filters.Count - 1;
                if (TypedConfig.Is(filter.TypedConfig, Router.Descriptor))
                {
                    decoded.Add(DecodeRouter(filter, isLast, context));
                }
                else if (TypedConfig.Is(filter.TypedConfig, HTTPFault.Descriptor))
                {
                    decoded.Add(DecodeFault(filter, context));
                }
                else if (!filter.IsOptional)
                {
                    context.Error("typed_config", $"type {DecodeContext.Quote(filter.TypedConfig?.TypeUrl ?? "")} is not supported");
                }
            }
        }

        if (decoded.Count == 0 || decoded[^1] is not RouterFilterConfig)
        {
            context.Error("http_filters", "must end in the router");
        }

        return decoded.ToEquatableArray();
    }

    /// <summary>Disabled: it is there for routes to switch on.</summary>
    private static FaultFilterConfig DecodeFault(HttpFilter filter, DecodeContext context)
    {
        var fault = TypedConfig.Unpack(filter.TypedConfig, HTTPFault.Descriptor, HTTPFault.Parser, "typed_config", context);
        using (context.Enter("typed_config"))
        {
            var config = fault is null ? null : FaultDecoder.Decode(fault, context);
            return new FaultFilterConfig(filter.Name, filter.Disabled ? null : config);
        }
    }

    private static RouterFilterConfig DecodeRouter(HttpFilter filter, bool isLast, DecodeContext context)
    {
        if (!isLast)
        {
            context.Error("the router must be the last filter");
        }

        context.Refuse(filter.Disabled, "disabled");
        var router = TypedConfig.Unpack(filter.TypedConfig, Router.Descriptor, Router.Parser, "typed_config", context);
        context.Refuse(router?.UpstreamHttpFilters.Count > 0, "typed_config.upstream_http_filters");
        return new RouterFilterConfig(filter.Name) { SuppressHeaders = router?.SuppressEnvoyHeaders == true };
    }
}
