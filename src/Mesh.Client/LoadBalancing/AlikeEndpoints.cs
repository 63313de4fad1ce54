using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.LoadBalancing;

/// <summary>
/// What nearly every large cluster is: endpoints that are all healthy, of one priority and of one weight, in localities that weigh as
/// much as they have endpoints. Then each gets the same share, and there is nothing to be worked out.
/// </summary>
internal static class AlikeEndpoints
{
    private const double Tolerance = 1e-9;

    /// <summary>All of them, in their order; null: they are not alike.</summary>
    public static Endpoint[]? Of(ClusterMember[] members)
    {
        if (members.Length == 0)
        {
            return null;
        }

        var (weight, priority) = (members[0].Config.Weight, members[0].Priority);
        var endpoints = new Endpoint[members.Length];
        var share = 0.0;
        for (var start = 0; start < members.Length;)
        {
            var locality = members[start].Locality;
            var next = start;
            for (; next < members.Length && members[next].Locality == locality; next++)
            {
                ref readonly var member = ref members[next];
                if (member.Config.Health != EndpointHealth.Healthy || member.Config.Weight != weight || member.Priority != priority || member.Endpoint.IsEjected)
                {
                    return null;
                }

                endpoints[next] = member.Endpoint;
            }

            var own = (double)locality.Weight / (next - start);
            share = start == 0 ? own : share;
            if (Math.Abs(own - share) > share * Tolerance)
            {
                return null;
            }

            start = next;
        }

        return endpoints;
    }
}
