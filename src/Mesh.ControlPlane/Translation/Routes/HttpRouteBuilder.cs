using Envoy.Config.Route.V3;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Translation.Cors;
using ProxylessMesh.ControlPlane.Translation.Faults;
using Route = Envoy.Config.Route.V3.Route;

namespace ProxylessMesh.ControlPlane.Translation.Routes;

/// <summary>The ordered routes of a host for one client.</summary>
internal static class HttpRouteBuilder
{
    public static IReadOnlyList<Route> Build(MeshModel model, ProxyView proxy, MeshService service, ServicePort port)
    {
        if (SpeaksHttp(port.Protocol))
        {
            foreach (var virtualService in model.VirtualServices.Find(service.Host, proxy.Namespace))
            {
                var routes = Routes(model, proxy, virtualService, port.Number, gateway: null);
                if (routes.Count > 0)
                {
                    return routes;
                }
            }
        }

        return [new Route { Name = "default", Match = RouteMatchBuilder.All(), Route_ = RouteActionBuilder.To(proxy, new ClusterName(port.Number, "", service.Host)) }];
    }

    /// <summary>The routes of a VirtualService that is bound to a Gateway.</summary>
    /// <param name="model">The mesh.</param>
    /// <param name="proxy">The gateway's process.</param>
    /// <param name="virtualService">Bound to it.</param>
    /// <param name="port">Of the Gateway's server.</param>
    /// <param name="gateway">namespace/name.</param>
    public static IReadOnlyList<Route> AtGateway(MeshModel model, ProxyView proxy, VirtualService virtualService, int port, string gateway) =>
        Routes(model, proxy, virtualService, port, gateway);

    /// <summary>One route for each match; nothing after one that takes every request.</summary>
    private static List<Route> Routes(MeshModel model, ProxyView proxy, VirtualService virtualService, int port, string? gateway)
    {
        var routes = new List<Route>();
        foreach (var http in virtualService.Http)
        {
            foreach (var (name, match) in Matches(proxy, http, port, gateway, virtualService.Meta.Id.Namespace))
            {
                var route = new Route { Name = name, Match = match };
                SetAction(route, model, proxy, http, http.Owner ?? virtualService.Meta.Id.Namespace, port);
                if (proxy.Profile == ProxyProfile.Mesh)
                {
                    route.Metadata = ConfigMetadata.Of(virtualService);
                }

                routes.Add(route.WithFault(http.Fault).WithCors(http.Cors, proxy.Profile));
                if (RouteMatchBuilder.IsCatchAll(match))
                {
                    return routes;
                }
            }
        }

        return routes;
    }

    /// <summary>
    /// gRPC fails what a redirect or direct response catches, as it does with Istio's routes; leaving those out would send the
    /// requests elsewhere.
    /// </summary>
    private static void SetAction(Route route, MeshModel model, ProxyView proxy, HttpRoute http, string owner, int port)
    {
        if (http.Redirect is { } redirect)
        {
            route.Redirect = RedirectBuilder.Build(redirect, port);
        }
        else if (http.DirectResponse is { } response)
        {
            route.DirectResponse = DirectResponseBuilder.Build(response);
        }
        else
        {
            route.Route_ = RouteActionBuilder.Build(model, proxy, http, owner, port);
        }

        if (proxy.Profile == ProxyProfile.Mesh)
        {
            HeaderOptions.Add(route, http.Headers);
            if (http.Destinations.Count == 1)
            {
                HeaderOptions.Add(route, http.Destinations[0].Headers);
            }
        }
    }

    private static IEnumerable<(string Name, RouteMatch Match)> Matches(ProxyView proxy, HttpRoute http, int port, string? gateway, string owner)
    {
        if (http.Matches.Count == 0)
        {
            yield return (http.Name, RouteMatchBuilder.All());
        }

        foreach (var match in http.Matches)
        {
            if (ClientMatch.Applies(match, proxy, port, gateway, owner))
            {
                yield return (NameOf(http, match), RouteMatchBuilder.Build(proxy.Profile, match));
            }
        }
    }

    private static string NameOf(HttpRoute http, HttpMatch match) =>
        http.Name.Length == 0 || match.Name.Length == 0 ? http.Name + match.Name : $"{http.Name}.{match.Name}";

    /// <summary>HTTP routes do not steer what a port declares as something else (Istio, protocol selection).</summary>
    private static bool SpeaksHttp(PortProtocol protocol) =>
        protocol is PortProtocol.Unspecified or PortProtocol.Http or PortProtocol.Http2 or PortProtocol.Grpc;
}
