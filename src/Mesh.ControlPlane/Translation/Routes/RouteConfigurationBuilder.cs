using System.Globalization;
using Envoy.Config.Route.V3;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources.Readers;
using ProxylessMesh.ControlPlane.Translation.Faults;

namespace ProxylessMesh.ControlPlane.Translation.Routes;

/// <summary>The routes of one host and port, as Istio sends them to proxyless clients: one virtual host each.</summary>
internal static class RouteConfigurationBuilder
{
    public static RouteConfiguration? Build(MeshModel model, ProxyView proxy, string name)
    {
        if (!ClusterName.TryParse(name, out var key)
            || key.Subset.Length > 0
            || model.Services.Find(key.Host, key.Port, proxy.Namespace) is not { } service
            || service.FindPort(key.Port) is not { } port)
        {
            return null;
        }

        var virtualHost = new VirtualHost { Name = string.Create(CultureInfo.InvariantCulture, $"{service.Host}:{port.Number}") };
        // Istio's proxyHeaders.attemptCount is on unless MeshConfig says otherwise. gRPC does not know it.
        virtualHost.IncludeRequestAttemptCount = proxy.Profile == ProxyProfile.Mesh;
        virtualHost.Domains.AddRange(VirtualHostDomains.Of(model, service, port.Number, proxy.Namespace));
        virtualHost.Routes.AddRange(HttpRouteBuilder.Build(model, proxy, service, port));
        virtualHost.WithFault(model.Chaos.FaultOf(service.Host));
        HashPolicyBuilder.Apply(model, proxy, virtualHost.Routes);
        var routes = new RouteConfiguration { Name = name, VirtualHosts = { virtualHost } };
        if (virtualHost.Routes.Any(r => r.DirectResponse is not null))
        {
            routes.MaxDirectResponseBodySizeBytes = HttpDirectResponseReader.MaxBody;
        }

        return routes;
    }
}
