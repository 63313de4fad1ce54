using Envoy.Config.Route.V3;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources.Faults;

namespace ProxylessMesh.Xds.Resources.Routes;

/// <summary>RouteConfiguration (gRFC A28).</summary>
internal static class RouteConfigDecoder
{
    private const uint DefaultMaxBody = 4096;

    public static RouteConfig Decode(RouteConfiguration routes, DecodeContext context)
    {
        RefuseUnsupported(routes, context);
        var hosts = new List<VirtualHostConfig>(routes.VirtualHosts.Count);
        var names = new HashSet<string>(StringComparer.Ordinal);
        var domains = new DomainRules();
        var defaults = new RouteDefaults(
            default,
            MirrorDecoder.Decode(routes.RequestMirrorPolicies, default, context),
            HeaderMutationDecoder.Decode(
                routes.RequestHeadersToAdd, routes.RequestHeadersToRemove, routes.ResponseHeadersToAdd, routes.ResponseHeadersToRemove, context),
            routes.MostSpecificHeaderMutationsWins,
            routes.MaxDirectResponseBodySizeBytes ?? DefaultMaxBody);
        for (var i = 0; i < routes.VirtualHosts.Count; i++)
        {
            using (context.Enter("virtual_hosts", i))
            {
                var host = routes.VirtualHosts[i];

                // Istio leaves the name of an inbound virtual host empty.
                if (host.Name.Length > 0 && !names.Add(host.Name))
                {
                    context.Error("name", $"{DecodeContext.Quote(host.Name)} is used twice");
                }

                hosts.Add(VirtualHostDecoder.Decode(host, domains, defaults, context));
            }
        }

        return new RouteConfig(routes.Name, hosts.ToEquatableArray())
        {
            IgnorePort = routes.IgnorePortInHostMatching,
            FilterOverrides = FilterOverrideDecoder.Decode(routes.TypedPerFilterConfig, context),
        };
    }

    private static void RefuseUnsupported(RouteConfiguration routes, DecodeContext context)
    {
        context.Refuse(routes.Vhds is not null, "vhds");
        context.Refuse(routes.InternalOnlyHeaders.Count > 0, "internal_only_headers");
        context.Refuse(routes.VhostHeader.Length > 0, "vhost_header");
        context.Refuse(routes.IgnorePathParametersInPathMatching, "ignore_path_parameters_in_path_matching");
    }
}
