using Envoy.Config.Endpoint.V3;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Resources.Endpoints;

/// <summary>LocalityLbEndpoints.</summary>
internal static class LocalityDecoder
{
    /// <param name="locality">What to read.</param>
    /// <param name="weight">Its weight, with the default applied.</param>
    /// <param name="allowName">Whether addresses may be DNS names.</param>
    /// <param name="context">Where errors go.</param>
    /// <param name="addresses">Seen so far in the whole resource: no address may come twice.</param>
    public static LocalityConfig Decode(
        LocalityLbEndpoints locality, uint weight, bool allowName, DecodeContext context, HashSet<(string, int)> addresses)
    {
        var endpoints = new List<EndpointConfig>(locality.LbEndpoints.Count);
        var total = 0UL;
        for (var i = 0; i < locality.LbEndpoints.Count; i++)
        {
            using (context.Enter("lb_endpoints", i))
            {
                if (EndpointDecoder.Decode(locality.LbEndpoints[i], endpoints.Count == 0 ? EquatableMap.Empty : endpoints[^1].TransportMatch, allowName, context) is not { } endpoint)
                {
                    continue;
                }

                if (!addresses.Add((endpoint.Address, endpoint.Port)))
                {
                    context.Error($"address {endpoint.Authority} is listed twice");
                }

                foreach (var additional in endpoint.Additional)
                {
                    if (!addresses.Add((additional.Address, additional.Port)))
                    {
                        // gRFC A61: anywhere in the resource.
                        context.Error("endpoint.additional_addresses", $"{additional.Address}:{additional.Port} is listed twice");
                    }
                }

                total += endpoint.Weight;
                endpoints.Add(endpoint);
            }
        }

        if (total > uint.MaxValue)
        {
            context.Error("lb_endpoints", "weights add up to more than 4294967295");
        }

        return new LocalityConfig(Id(locality.Locality), weight, (int)Math.Min(locality.Priority, int.MaxValue), endpoints.ToEquatableArray());
    }

    public static LocalityId Id(Envoy.Config.Core.V3.Locality? locality) =>
        locality is null ? new LocalityId("", "", "") : new LocalityId(locality.Region, locality.Zone, locality.SubZone);
}
