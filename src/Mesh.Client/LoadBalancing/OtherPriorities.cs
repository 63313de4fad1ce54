using System.Collections.Concurrent;
using ProxylessMesh.Client.Clusters;

namespace ProxylessMesh.Client.LoadBalancing;

/// <summary>
/// The balancers of a cluster for retries that leave some of its priorities out, whose load the others then share. Each is made when it
/// is first asked for.
/// </summary>
internal sealed class OtherPriorities(ClusterMember[] members, Func<ClusterMember[], OtherPriorities.Choice> build)
{
    /// <summary>Priorities beyond are never left out.</summary>
    private const int MostPriorities = 16;

    private readonly ConcurrentDictionary<ulong, Choice> _without = new();

    public static ulong Bit(int priority) => priority < MostPriorities ? 1UL << priority : 0;

    /// <summary>Null: nothing would be left, and all priorities count again.</summary>
    public Choice? Without(ulong excluded)
    {
        if (!_without.TryGetValue(excluded, out var choice))
        {
            choice = build(Array.FindAll(members, m => (Bit(m.Priority) & excluded) == 0));
            _without.TryAdd(excluded, choice);
        }

        return choice.Pickable.Length == 0 ? null : choice;
    }

    public void Refresh()
    {
        foreach (var (_, choice) in _without)
        {
            choice.Balancer.Refresh();
        }
    }

    internal sealed record Choice(Balancer Balancer, Endpoint[] Pickable);
}
