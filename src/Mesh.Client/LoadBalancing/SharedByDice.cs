using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Xds.Randomness;

namespace ProxylessMesh.Client.LoadBalancing;

/// <summary>One balancer for a percentage of the calls, another one for the rest.</summary>
internal sealed class SharedByDice(Balancer some, double percent, Balancer others, IRandomSource random) : Balancer
{
    public override Endpoint? Pick(ulong hash, int attempt) => (random.NextDouble() * 100 < percent ? some : others).Pick(hash, attempt);

    public override void Refresh()
    {
        some.Refresh();
        others.Refresh();
    }
}
