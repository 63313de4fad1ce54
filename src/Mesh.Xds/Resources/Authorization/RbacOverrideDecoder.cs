using Envoy.Extensions.Filters.Http.Rbac.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Resources.Authorization;

/// <summary>RBACPerRoute: rules instead of the filter's; without any, the filter is off (gRFC A41).</summary>
internal static class RbacOverrideDecoder
{
    public static RbacFilterConfig? Decode(string name, Any config, DecodeContext context)
    {
        if (TypedConfig.Unpack(config, TypeNames.RbacPerRoute, RBACPerRoute.Parser, name, context) is not { } route)
        {
            return null;
        }

        using (context.Enter(name))
        {
            UnknownFields.Refuse(route, RBACPerRoute.Parser, context);
            if (route.Rbac is null)
            {
                return new RbacFilterConfig(name, null, null);
            }

            using (context.Enter("rbac"))
            {
                return RbacFilterDecoder.Decode(name, route.Rbac, context);
            }
        }
    }
}
