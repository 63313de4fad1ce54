using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources.Routes;

namespace ProxylessMesh.Xds.Resources.Listeners;

/// <summary>HttpConnectionManager (gRFCs A27, A31, A36, A39). Without stream_idle_timeout there is none: Envoy's five minutes are off in Istio and unknown to gRPC.</summary>
internal static class HttpConnectionDecoder
{
    public static HttpConnectionConfig? Decode(HttpConnectionManager manager, ListenerSide side, DecodeContext context)
    {
        RefuseUnsupported(manager, context);
        if (side == ListenerSide.Outbound)
        {
            NormalizationDecoder.Refuse(manager, context);
        }

        var maxStream = DurationReader.NotNegative(manager.CommonHttpProtocolOptions?.MaxStreamDuration, "common_http_protocol_options.max_stream_duration", context);
        var idle = DurationReader.NotNegative(manager.StreamIdleTimeout, "stream_idle_timeout", context);
        var filters = HttpFilterDecoder.Decode(manager.HttpFilters, side, context);
        if (side == ListenerSide.Inbound)
        {
            InboundOverrideRules.Check(manager.RouteConfig, filters, context);
            if (manager.Rds is not null && !GatewayRoutes.IsName(manager.Rds.RouteConfigName))
            {
                InboundOverrideRules.CheckRemote(filters, context);
            }
        }

        var http = Routes(manager, context) is { } routes
            ? new HttpConnectionConfig(routes.Name, routes.Inline, filters) { MaxStreamDuration = OrNull(maxStream), StreamIdleTimeout = OrNull(idle) }
            : null;
        return side == ListenerSide.Outbound ? http : NormalizationDecoder.Decode(http, manager, context);
    }

    private static TimeSpan? OrNull(TimeSpan? timeout) => timeout == TimeSpan.Zero ? null : timeout;

    private static (string? Name, RouteConfig? Inline)? Routes(HttpConnectionManager manager, DecodeContext context)
    {
        switch (manager.RouteSpecifierCase)
        {
            case HttpConnectionManager.RouteSpecifierOneofCase.Rds:
                using (context.Enter("rds"))
                {
                    ConfigSources.RequireSameStream(manager.Rds.ConfigSource, "config_source", context);
                    if (manager.Rds.RouteConfigName.Length == 0)
                    {
                        context.Error("route_config_name", "must not be empty");
                    }
                }

                return (manager.Rds.RouteConfigName, null);
            case HttpConnectionManager.RouteSpecifierOneofCase.RouteConfig:
                using (context.Enter("route_config"))
                {
                    return (null, RouteConfigDecoder.Decode(manager.RouteConfig, context));
                }

            default:
                context.Error("route_specifier", "must be rds or route_config");
                return null;
        }
    }

    /// <summary>What would change which route or identity a request has. Timeouts, sizes and added headers only tune.</summary>
    private static void RefuseUnsupported(HttpConnectionManager manager, DecodeContext context)
    {
        context.Refuse(manager.XffNumTrustedHops != 0, "xff_num_trusted_hops");
        context.Refuse(manager.OriginalIpDetectionExtensions.Count > 0, "original_ip_detection_extensions");
        context.Refuse(manager.EarlyHeaderMutationExtensions.Count > 0, "early_header_mutation_extensions");
        context.Refuse(
            manager.ForwardClientCertDetails != HttpConnectionManager.Types.ForwardClientCertDetails.Sanitize,
            "forward_client_cert_details");
        context.Refuse(manager.TypedHeaderValidationConfig is not null, "typed_header_validation_config");
    }
}
