using Envoy.Extensions.Filters.Http.ExtAuthz.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources.Authorization;
using Override = Envoy.Extensions.Filters.Http.ExtAuthz.V3.ExtAuthzPerRoute.OverrideOneofCase;

namespace ProxylessMesh.Xds.Resources.ExternalAuthorization;

/// <summary>ExtAuthzPerRoute. Another service for a route is refused; who is asked says the filter.</summary>
internal static class ExternalAuthorizationOverrideDecoder
{
    public static HttpFilterConfig? Decode(string name, Any config, DecodeContext context)
    {
        if (TypedConfig.Unpack(config, TypeNames.ExtAuthzPerRoute, ExtAuthzPerRoute.Parser, name, context) is not { } route)
        {
            return null;
        }

        using (context.Enter(name))
        {
            UnknownFields.Refuse(route, ExtAuthzPerRoute.Parser, context);
            switch (route.OverrideCase)
            {
                case Override.Disabled when route.Disabled:
                    return new ExternalAuthorizationFilterConfig(name, null);
                case Override.CheckSettings:
                    using (context.Enter("check_settings"))
                    {
                        return Settings(name, route.CheckSettings, context);
                    }

                default:
                    context.Error("override", "must be disabled: true or check_settings");
                    return null;
            }
        }
    }

    private static ExternalAuthorizationOverrideConfig Settings(string name, CheckSettings settings, DecodeContext context)
    {
        context.Refuse(settings.GrpcService is not null, "grpc_service");
        context.Refuse(settings.HttpService is not null, "http_service");
        if (settings.DisableRequestBodyBuffering && settings.WithRequestBody is not null)
        {
            context.Error("with_request_body", "contradicts disable_request_body_buffering");
        }

        return new ExternalAuthorizationOverrideConfig(name)
        {
            ContextExtensions = EquatableMap.From(settings.ContextExtensions),
            HidesBody = settings.DisableRequestBodyBuffering,
            Body = ExternalAuthorizationDecoder.Body(settings.WithRequestBody, context),
        };
    }
}
