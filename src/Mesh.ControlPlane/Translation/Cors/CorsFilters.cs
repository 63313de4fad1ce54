using System.Globalization;
using Envoy.Config.Core.V3;
using Envoy.Extensions.Filters.Http.Cors.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Envoy.Type.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Translation.Routes;
using EnvoyCors = Envoy.Extensions.Filters.Http.Cors.V3.Cors;
using Route = Envoy.Config.Route.V3.Route;

namespace ProxylessMesh.ControlPlane.Translation.Cors;

/// <summary>The CORS filter: in the chain of every outbound listener of the mesh profile, with a policy where a route has one. gRPC knows no such filter.</summary>
internal static class CorsFilters
{
    private const string Name = "envoy.filters.http.cors";

    public static HttpFilter InChain() => new() { Name = Name, TypedConfig = Any.Pack(new EnvoyCors()) };

    public static Route WithCors(this Route route, HttpCors? cors, ProxyProfile profile)
    {
        if (cors is not null && profile == ProxyProfile.Mesh)
        {
            route.TypedPerFilterConfig[Name] = Any.Pack(Build(cors));
        }

        return route;
    }

    private static CorsPolicy Build(HttpCors cors) => new()
    {
        AllowOriginStringMatch = { cors.AllowOrigins.Select(StringMatchers.From) },
        AllowMethods = string.Join(',', cors.AllowMethods),
        AllowHeaders = string.Join(',', cors.AllowHeaders),
        ExposeHeaders = string.Join(',', cors.ExposeHeaders),
        MaxAge = cors.MaxAge is { } age ? ((long)age.TotalSeconds).ToString(CultureInfo.InvariantCulture) : "",
        AllowCredentials = cors.AllowCredentials,
        ForwardNotMatchingPreflights = cors.ForwardUnmatchedPreflights,
        FilterEnabled = new RuntimeFractionalPercent
        {
            DefaultValue = new FractionalPercent { Numerator = 100, Denominator = FractionalPercent.Types.DenominatorType.Hundred },
        },
    };
}
