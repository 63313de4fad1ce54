using Envoy.Extensions.Filters.Http.JwtAuthn.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources.Authorization;
using Specifier = Envoy.Extensions.Filters.Http.JwtAuthn.V3.PerRouteConfig.RequirementSpecifierOneofCase;

namespace ProxylessMesh.Xds.Resources.Jwt;

/// <summary>PerRouteConfig of the JWT filter.</summary>
internal static class JwtOverrideDecoder
{
    public static JwtOverrideConfig? Decode(string name, Any config, DecodeContext context)
    {
        if (TypedConfig.Unpack(config, TypeNames.JwtPerRoute, PerRouteConfig.Parser, name, context) is not { } route)
        {
            return null;
        }

        using (context.Enter(name))
        {
            UnknownFields.Refuse(route, PerRouteConfig.Parser, context);
            if (route.RequirementSpecifierCase == Specifier.RequirementName && route.RequirementName.Length > 0)
            {
                return new JwtOverrideConfig(name, route.RequirementName);
            }

            if (route.RequirementSpecifierCase != Specifier.Disabled || !route.Disabled)
            {
                context.Error("requirement_specifier", "must be disabled: true or a requirement_name");
            }

            return new JwtOverrideConfig(name, null);
        }
    }
}
