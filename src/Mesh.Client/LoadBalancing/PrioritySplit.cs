using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Xds.Randomness;

namespace ProxylessMesh.Client.LoadBalancing;

/// <summary>Several priorities that share the load: by the request's hash where the policy goes by it, so that a key stays, else by dice.</summary>
/// <param name="levels">One balancer each.</param>
/// <param name="upTo">Percent of the load of each level and those before it; the last is 100.</param>
/// <param name="random">The dice.</param>
internal sealed class PrioritySplit(Balancer[] levels, int[] upTo, IRandomSource random) : Balancer
{
    public override bool UsesHash { get; } = Array.Exists(levels, l => l.UsesHash);

    public override Endpoint? Pick(ulong hash, int attempt)
    {
        var point = UsesHash ? (int)(hash % 100) : random.Next(100);
        var level = 0;
        while (level < upTo.Length - 1 && point >= upTo[level])
        {
            level++;
        }

        return levels[level].Pick(hash, attempt);
    }

    public override void Refresh() => Array.ForEach(levels, static b => b.Refresh());
}
