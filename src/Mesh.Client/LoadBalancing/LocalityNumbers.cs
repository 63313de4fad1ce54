using System.Runtime.InteropServices;
using ProxylessMesh.Client.Clusters;

namespace ProxylessMesh.Client.LoadBalancing;

/// <summary>
/// Numbers localities in the order in which they first appear. Thousands of endpoints stand one after the other in a few of them, so
/// mostly the last answer is the next one too.
/// </summary>
internal sealed class LocalityNumbers
{
    private readonly Dictionary<MemberLocality, int> _numbers = [];
    private MemberLocality? _last;
    private int _number;

    public int Of(MemberLocality locality)
    {
        if (!ReferenceEquals(locality, _last))
        {
            ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_numbers, locality, out var known);
            number = known ? number : _numbers.Count - 1;
            (_last, _number) = (locality, number);
        }

        return _number;
    }

    /// <summary>How many members each has, by its number.</summary>
    public int[] Count(ClusterMember[] members)
    {
        var counts = new List<int>();
        foreach (ref readonly var member in members.AsSpan())
        {
            var number = Of(member.Locality);
            while (number >= counts.Count)
            {
                counts.Add(0);
            }

            counts[number]++;
        }

        return [.. counts];
    }
}
