using Envoy.Config.Route.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Translation.Routes;

/// <summary>Where a request goes, how long it may take and when it is tried again.</summary>
internal static class RouteActionBuilder
{
    public static RouteAction To(ProxyView proxy, ClusterName cluster) =>
        WithPolicies(new RouteAction { Cluster = cluster.ToString() }, proxy.Profile, timeout: null, retries: null);

    /// <param name="model">For the ports of destinations.</param>
    /// <param name="proxy">The client.</param>
    /// <param name="route">The entry of spec.http.</param>
    /// <param name="owner">Namespace of the VirtualService: short host names belong to it.</param>
    /// <param name="port">Of the host called.</param>
    public static RouteAction Build(MeshModel model, ProxyView proxy, HttpRoute route, string owner, int port)
    {
        var action = new RouteAction();
        if (route.Destinations.Count == 1)
        {
            action.Cluster = Name(route.Destinations[0]);
        }
        else
        {
            action.WeightedClusters = Weighted(route.Destinations, Name, proxy.Profile);
        }

        if (proxy.Profile == ProxyProfile.Mesh)
        {
            RewriteBuilder.Add(action, route);
            action.RequestMirrorPolicies.AddRange(
                route.Mirrors.Select(m => MirrorBuilder.Build(m, ClusterOf(model, proxy, m.Destination, owner, port))).OfType<RouteAction.Types.RequestMirrorPolicy>());
        }

        return WithPolicies(action, proxy.Profile, route.Timeout, route.Retries);

        string Name(HttpDestination destination) => ClusterOf(model, proxy, destination, owner, port).ToString();
    }

    /// <summary>
    /// A destination that does not exist still gets its name: CDS answers that there is no such cluster, and the client replies 503
    /// for this route alone, as Envoy does.
    /// </summary>
    private static ClusterName ClusterOf(MeshModel model, ProxyView proxy, HttpDestination destination, string owner, int port)
    {
        var host = HostName.Resolve(destination.Host, owner, model.Settings.ClusterDomain);
        var service = model.Services.Find(host, proxy.Namespace);
        var only = service is { Ports.Count: 1 } ? service.Ports[0].Number : port;
        return new ClusterName(destination.Port ?? only, destination.Subset ?? "", host);
    }

    private static WeightedCluster Weighted(IReadOnlyList<HttpDestination> destinations, Func<HttpDestination, string> name, ProxyProfile profile)
    {
        var taken = destinations.Where(d => d.Weight > 0).ToList();

        // Validation rejects a list of zeros; should one get here, equal shares lose no request.
        var weights = taken.Count > 0
            ? WeightScale.Fit([.. taken.Select(d => (uint)d.Weight)])
            : [.. destinations.Select(_ => 1u)];
        var result = new WeightedCluster();
        foreach (var (destination, weight) in (taken.Count > 0 ? taken : destinations).Zip(weights))
        {
            var cluster = new WeightedCluster.Types.ClusterWeight { Name = name(destination), Weight = weight };
            if (profile == ProxyProfile.Mesh)
            {
                HeaderOptions.Add(cluster, destination.Headers);
            }

            result.Clusters.Add(cluster);
        }

        if (profile == ProxyProfile.Grpc)
        {
            // Releases of gRPC's C-core up to 1.51 at least hold the weights against this field, which is 100 when it is not set.
            result.TotalWeight = weights.Aggregate(0u, (sum, weight) => sum + weight);
        }

        return result;
    }

    private static RouteAction WithPolicies(RouteAction action, ProxyProfile profile, TimeSpan? timeout, HttpRetry? retries)
    {
        // Zero means none. Unset would not do: Envoy's own default is 15 s. gRPC reads only max_stream_duration (gRFC A31).
        var duration = (timeout ?? TimeSpan.Zero).ToDuration();
        if (profile == ProxyProfile.Grpc)
        {
            action.MaxStreamDuration = new RouteAction.Types.MaxStreamDuration { MaxStreamDuration_ = duration };
        }
        else
        {
            action.Timeout = duration;
        }

        action.RetryPolicy = RetryPolicyBuilder.Build(profile, retries);
        return action;
    }
}
