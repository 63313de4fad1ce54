using ProxylessMesh.Client.Clusters;

namespace ProxylessMesh.Client.LoadBalancing;

/// <summary>
/// All requests to one endpoint, the first in the order that can be reached (gRFC A62). It is left when a connection to it fails; when all have
/// failed, everything begins anew. One that comes back is not returned to until the one in use fails.
/// </summary>
internal sealed class PickFirst(Endpoint[] order) : Balancer
{
    public override Endpoint Pick(ulong hash, int attempt)
    {
        var skipped = attempt % order.Length;
        foreach (var endpoint in order)
        {
            if (!endpoint.IsUnreachable && skipped-- == 0)
            {
                return endpoint;
            }
        }

        // Fewer are reachable than the caller has had.
        if (Array.TrueForAll(order, e => e.IsUnreachable))
        {
            Array.ForEach(order, e => e.IsUnreachable = false);
        }

        return order[attempt % order.Length];
    }
}
