using ProxylessMesh.Client.Clusters;

namespace ProxylessMesh.Client.LoadBalancing;

/// <summary>Of a cluster, or a priority, that has nothing to pick from.</summary>
internal sealed class NoBalancer : Balancer
{
    private NoBalancer()
    {
    }

    public static NoBalancer Instance { get; } = new();

    public override Endpoint? Pick(ulong hash, int attempt) => null;
}
