using Envoy.Config.Route.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Translation.Clusters;
using HashPolicy = Envoy.Config.Route.V3.RouteAction.Types.HashPolicy;
using Route = Envoy.Config.Route.V3.Route;

namespace ProxylessMesh.ControlPlane.Translation.Routes;

/// <summary>What the destinations' rules hash, written on the routes that lead there (Istio does the same: in xDS the hash belongs to the route).</summary>
internal static class HashPolicyBuilder
{
    public static void Apply(MeshModel model, ProxyView proxy, IEnumerable<Route> routes)
    {
        foreach (var route in routes)
        {
            if (route.ActionCase == Route.ActionOneofCase.Route_)
            {
                Apply(model, proxy, route.Route_);
            }
        }
    }

    private static void Apply(MeshModel model, ProxyView proxy, RouteAction action)
    {
        foreach (var cluster in Clusters(action))
        {
            if (ClusterTarget.Find(model, proxy, cluster)?.Policy.LoadBalancer?.ConsistentHash is { } hash
                && Build(hash, proxy.Profile) is { } policy
                && !action.HashPolicy.Contains(policy))
            {
                action.HashPolicy.Add(policy);

                // A retry that must go elsewhere would undo what the hash is for.
                action.RetryPolicy?.RetryHostPredicate.Clear();
            }
        }
    }

    private static IEnumerable<string> Clusters(RouteAction action) => action.ClusterSpecifierCase switch
    {
        RouteAction.ClusterSpecifierOneofCase.Cluster => [action.Cluster],
        RouteAction.ClusterSpecifierOneofCase.WeightedClusters => action.WeightedClusters.Clusters.Select(c => c.Name),
        _ => [],
    };

    /// <summary>gRPC reads headers only (gRFC A42).</summary>
    private static HashPolicy? Build(ConsistentHash hash, ProxyProfile profile) => hash.Key switch
    {
        ConsistentHashKey.Header => new HashPolicy { Header = new HashPolicy.Types.Header { HeaderName = hash.Name } },
        ConsistentHashKey.None => null,
        _ when profile == ProxyProfile.Grpc => null,
        ConsistentHashKey.Cookie => new HashPolicy { Cookie = Cookie(hash) },
        ConsistentHashKey.SourceIp => new HashPolicy { ConnectionProperties = new HashPolicy.Types.ConnectionProperties { SourceIp = true } },
        _ => new HashPolicy { QueryParameter = new HashPolicy.Types.QueryParameter { Name = hash.Name } },
    };

    private static HashPolicy.Types.Cookie Cookie(ConsistentHash hash)
    {
        var cookie = new HashPolicy.Types.Cookie { Name = hash.Name, Path = hash.CookiePath, Ttl = hash.CookieTtl?.ToDuration() };
        cookie.Attributes.AddRange(hash.CookieAttributes.Select(a => new HashPolicy.Types.CookieAttribute { Name = a.Key, Value = a.Value }));
        return cookie;
    }
}
