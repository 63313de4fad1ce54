using System.Collections.Concurrent;
using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using Envoy.Config.Endpoint.V3;
using Envoy.Config.Listener.V3;
using Envoy.Config.Route.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Envoy.Service.Discovery.V3;
using Google.Protobuf.WellKnownTypes;

namespace ProxylessMesh.FunctionalTests.ControlPlane;

/// <summary>Makes of a control plane with plain names one whose names, and all references between them, belong to an authority.</summary>
internal sealed class NamesOfAuthority(string authority)
{
    private readonly ConcurrentDictionary<string, string> _plain = new();

    /// <summary>Names that a client has asked for.</summary>
    public IEnumerable<string> Seen => _plain.Keys;

    public void Strip(DiscoveryRequest request)
    {
        for (var i = 0; i < request.ResourceNames.Count; i++)
        {
            var name = request.ResourceNames[i];
            request.ResourceNames[i] = Uri.UnescapeDataString(name[(name.IndexOf('/', $"xdstp://{authority}/".Length) + 1)..]);
            _plain[name] = request.ResourceNames[i];
        }
    }

    public DiscoveryResponse Add(DiscoveryResponse response)
    {
        for (var i = 0; i < response.Resources.Count; i++)
        {
            response.Resources[i] = Add(response.Resources[i]);
        }

        return response;
    }

    private Any Add(Any resource)
    {
        if (resource.Is(Listener.Descriptor))
        {
            var listener = resource.Unpack<Listener>();
            listener.Name = Name("envoy.config.listener.v3.Listener", listener.Name);
            var http = listener.ApiListener.ApiListener_.Unpack<HttpConnectionManager>();
            http.Rds.RouteConfigName = Name("envoy.config.route.v3.RouteConfiguration", http.Rds.RouteConfigName);
            http.Rds.ConfigSource = new ConfigSource { Self = new SelfConfigSource() };
            listener.ApiListener.ApiListener_ = Any.Pack(http);
            return Any.Pack(listener);
        }

        if (resource.Is(RouteConfiguration.Descriptor))
        {
            var routes = resource.Unpack<RouteConfiguration>();
            routes.Name = Name("envoy.config.route.v3.RouteConfiguration", routes.Name);
            foreach (var action in routes.VirtualHosts.SelectMany(h => h.Routes).Select(r => r.Route_).Where(a => a is { Cluster.Length: > 0 }))
            {
                action.Cluster = Name("envoy.config.cluster.v3.Cluster", action.Cluster);
            }

            return Any.Pack(routes);
        }

        if (resource.Is(Cluster.Descriptor))
        {
            var cluster = resource.Unpack<Cluster>();
            var endpoints = cluster.EdsClusterConfig.ServiceName.Length > 0 ? cluster.EdsClusterConfig.ServiceName : cluster.Name;
            cluster.Name = Name("envoy.config.cluster.v3.Cluster", cluster.Name);
            cluster.EdsClusterConfig = new() { ServiceName = Name("envoy.config.endpoint.v3.ClusterLoadAssignment", endpoints), EdsConfig = new() { Self = new SelfConfigSource() } };
            return Any.Pack(cluster);
        }

        var assignment = resource.Unpack<ClusterLoadAssignment>();
        assignment.ClusterName = Name("envoy.config.endpoint.v3.ClusterLoadAssignment", assignment.ClusterName);
        return Any.Pack(assignment);
    }

    // Not in the form that the client sends: it must see that the two are one.
    private string Name(string type, string name) => $"xdstp://{authority}/{type}/{Uri.EscapeDataString(name).Replace("%7C", "%7c", StringComparison.Ordinal)}";
}
