using Envoy.Config.Listener.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Translation.Cors;
using ProxylessMesh.ControlPlane.Translation.Faults;
using ProxylessMesh.ControlPlane.Translation.Sessions;

namespace ProxylessMesh.ControlPlane.Translation.Listeners;

/// <summary>The listener of a host that a client calls: it only says which routes there are.</summary>
internal static class OutboundListenerBuilder
{
    /// <summary>The listener bears the name that was asked for, alias or not; its routes bear the host's own.</summary>
    public static Listener? Build(MeshModel model, ProxyView proxy, string name)
    {
        var scope = ClientScopes.Of(model, proxy);
        if (!HostAndPort.TryParse(name, out var requested)
            || model.Services.Lookup(requested.Host, requested.Port, proxy.Namespace) is not { } service
            || !scope.Includes(service))
        {
            return BlockedHost.Build(scope, proxy, name) is { } blocked ? Listener(name, blocked) : null;
        }

        var routes = new ClusterName(requested.Port, Subset: "", service.Host);
        var manager = WithFilters(HttpConnectionManagers.WithRoutesOf(routes.ToString()), proxy.Profile);
        SessionFilters.Apply(manager, service, proxy.Profile);
        return Listener(name, manager);
    }

    /// <summary>Through it a gateway's process asks for routes by their own name. Its clients' hosts are those of the routes.</summary>
    public static Listener OfRoutes(string name, ProxyProfile profile) => Listener(name, WithFilters(HttpConnectionManagers.WithRoutesOf(name), profile));

    private static Listener Listener(string name, HttpConnectionManager manager) =>
        new() { Name = name, ApiListener = new ApiListener { ApiListener_ = Any.Pack(manager) } };

    /// <summary>In Istio's order: what faults abort, CORS never sees.</summary>
    private static HttpConnectionManager WithFilters(HttpConnectionManager manager, ProxyProfile profile)
    {
        if (profile == ProxyProfile.Mesh)
        {
            manager.HttpFilters.Insert(0, CorsFilters.InChain());
        }

        manager.HttpFilters.Insert(0, FaultFilters.InChain());
        return manager;
    }
}
