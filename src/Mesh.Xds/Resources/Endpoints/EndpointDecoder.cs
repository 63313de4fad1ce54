using Envoy.Config.Core.V3;
using Envoy.Config.Endpoint.V3;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Resources.Endpoints;

/// <summary>LbEndpoint.</summary>
internal static class EndpointDecoder
{
    public static EndpointConfig? Decode(LbEndpoint endpoint, EquatableMap neighbour, bool allowName, DecodeContext context)
    {
        if (endpoint.LoadBalancingWeight == 0)
        {
            context.Error("load_balancing_weight", "must not be 0");
        }

        if (endpoint.HostIdentifierCase != LbEndpoint.HostIdentifierOneofCase.Endpoint)
        {
            context.Error("endpoint", "is missing; endpoint_name is not supported");
            return null;
        }

        using (context.Enter("endpoint"))
        {
            return AddressDecoder.Decode(endpoint.Endpoint.Address, allowName, context) is not { } address
                ? null
                : new EndpointConfig(
                    address.Host,
                    address.Port,
                    endpoint.LoadBalancingWeight ?? 1,
                    Health(endpoint.HealthStatus),
                    MatchMetadata.OfEndpoint(endpoint.Metadata, neighbour))
                {
                    HashKey = HashKeyMetadata.Of(endpoint.Metadata),
                    Additional = AdditionalAddressDecoder.Decode(endpoint.Endpoint.AdditionalAddresses, allowName, context),
                };
        }
    }

    private static EndpointHealth Health(HealthStatus status) => status switch
    {
        HealthStatus.Unknown or HealthStatus.Healthy => EndpointHealth.Healthy,
        HealthStatus.Draining => EndpointHealth.Draining,
        HealthStatus.Degraded => EndpointHealth.Degraded,
        _ => EndpointHealth.Unhealthy,
    };
}
