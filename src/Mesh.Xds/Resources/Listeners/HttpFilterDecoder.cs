using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Resources.Listeners;

/// <summary>
/// The HTTP filter chain (gRFC A39): unique names, the router last and nowhere else; a filter that we do not know is an
/// error unless it is optional. One that is disabled here could be enabled by a route, so it counts the same.
/// </summary>
internal static class HttpFilterDecoder
{
    public static EquatableArray<HttpFilterConfig> Decode(IReadOnlyList<HttpFilter> filters, ListenerSide side, DecodeContext context)
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

                if (Decode(filter, side, context) is not { } config)
                {
                    continue;
                }

                decoded.Add(config);
                if (config is RouterFilterConfig && i < filters.Count - 1)
                {
                    context.Error("the router must be the last filter");
                }
            }
        }

        if (decoded.Count == 0 || decoded[^1] is not RouterFilterConfig)
        {
            context.Error("http_filters", "must end in the router");
        }

        return decoded.ToEquatableArray();
    }

    private static HttpFilterConfig? Decode(HttpFilter filter, ListenerSide side, DecodeContext context)
    {
        var kind = HttpFilterKinds.Of(filter.TypedConfig);
        if (kind?.Sides.HasFlag(side) == true)
        {
            return kind.Decode(filter, context);
        }

        if (!filter.IsOptional)
        {
            var where = kind is null ? "" : side == ListenerSide.Inbound ? " in an inbound listener" : " in an outbound listener";
            context.Error("typed_config", $"type {DecodeContext.Quote(filter.TypedConfig?.TypeUrl ?? "")} is not supported{where}");
        }

        return null;
    }
}
