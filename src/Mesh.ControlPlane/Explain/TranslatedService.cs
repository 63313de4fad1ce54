using System.Collections.Frozen;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Translation;
using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Dependencies;
using ProxylessMesh.Xds.Resources;

namespace ProxylessMesh.ControlPlane.Explain;

/// <summary>What a client would be sent of a service, from configuration alone: translated and decoded as for a real one.</summary>
internal sealed class TranslatedService(MeshModel model, ProxyView proxy)
{
    public ServiceState Load(string listenerName)
    {
        try
        {
            return Decode(ResourceKinds.Listener, listenerName) is not OutboundListenerConfig listener
                ? ServiceState.DoesNotExist
                : (listener.Http.InlineRoutes ?? Decode(ResourceKinds.Route, listener.Http.RouteConfigName!)) is { } routes
                    ? ServiceState.Known(new ServiceSnapshot(listener, routes, Clusters(routes)))
                    : ServiceState.Failed(new(ResourceErrorKind.DoesNotExist, $"there are no routes {listener.Http.RouteConfigName}"));
        }
        catch (InvalidDataException e)
        {
            return ServiceState.Failed(new(ResourceErrorKind.Invalid, e.Message));
        }
    }

    private FrozenDictionary<string, ClusterSnapshot> Clusters(RouteConfig routes) =>
        ServiceSnapshot.ClusterNames(routes).Distinct(StringComparer.Ordinal).ToFrozenDictionary(name => name, Cluster, StringComparer.Ordinal);

    private ClusterSnapshot Cluster(string name)
    {
        if (Decode(ResourceKinds.Cluster, name) is not { } cluster)
        {
            return new ClusterSnapshot(name, null, null, "it does not exist");
        }

        var endpoints = cluster.Discovery == ClusterDiscovery.Eds ? Decode(ResourceKinds.Endpoints, cluster.EdsServiceName) : cluster.InlineEndpoints;
        return new ClusterSnapshot(name, cluster, endpoints, null);
    }

    private T? Decode<T>(ResourceKind<T> kind, string name)
        where T : class
    {
        if (ResourceTranslator.Translate(model, proxy, kind.TypeUrl, name) is not { } resource)
        {
            return null;
        }

        var result = kind.Decode(resource.Bytes);
        return result.Value ?? throw new InvalidDataException($"{kind.ShortName} {name} is not valid: {string.Join("; ", result.Errors)}");
    }
}
