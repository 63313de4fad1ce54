using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Randomness;

namespace ProxylessMesh.Client.LoadBalancing;

/// <summary>Makes the balancer of a cluster: priorities, in them localities, in them the policy. Runs when endpoints, ejections or weights change.</summary>
/// <param name="turn">Of the whole cluster, kept from balancer to balancer.</param>
/// <param name="time">For slow start.</param>
/// <param name="random">The dice of the balancers.</param>
internal sealed class BalancerBuilder(Turn turn, TimeProvider time, IRandomSource random)
{
    public Balancer Build(LoadBalancingConfig config, int overprovisioningPercent, ClusterMember[] members, out Endpoint[] pickable, out int availability)
    {
        var levels = members.GroupBy(m => m.Priority).OrderBy(g => g.Key).Select(g => g.ToArray()).ToArray();
        PriorityHealth[] health = [.. levels.Select(l => new PriorityHealth(l.Length, l.Count(IsHealthy), l.Count(IsDegraded)))];
        var loads = PriorityLoads.Of(health, overprovisioningPercent, config.PanicThresholdPercent);
        availability = PriorityLoads.Availability(health, overprovisioningPercent);
        var balancers = new List<Balancer>();
        var upTo = new List<int>();
        var chosen = new List<Endpoint>();
        for (var i = 0; i < levels.Length; i++)
        {
            Add(levels[i], loads[i].Panic ? levels[i] : Array.FindAll(levels[i], IsHealthy), loads[i].Healthy, loads[i].Panic);
        }

        for (var i = 0; i < levels.Length; i++)
        {
            Add(levels[i], Array.FindAll(levels[i], IsDegraded), loads[i].Degraded, panic: false);
        }

        pickable = [.. chosen];
        return balancers.Count switch
        {
            0 => NoBalancer.Instance,
            1 => balancers[0],
            _ => new PrioritySplit([.. balancers], [.. upTo], random),
        };

        void Add(ClusterMember[] level, ClusterMember[] usable, int load, bool panic)
        {
            if (load > 0 && usable.Length > 0)
            {
                balancers.Add(Level(config, overprovisioningPercent, level, usable, panic, balancers.Count == 0));
                upTo.Add((upTo.Count == 0 ? 0 : upTo[^1]) + load);
                chosen.AddRange(usable.Select(m => m.Endpoint));
            }
        }
    }

    private static bool IsHealthy(ClusterMember member) => member.Config.Health == EndpointHealth.Healthy && !member.Endpoint.Ejection.Ejected;

    private static bool IsDegraded(ClusterMember member) => member.Config.Health == EndpointHealth.Degraded && !member.Endpoint.Ejection.Ejected;

    private Balancer Level(LoadBalancingConfig config, int overprovisioning, ClusterMember[] all, ClusterMember[] usable, bool panic, bool isFirst)
    {
        // In panic localities do not count (Envoy, "Panic threshold").
        var localities = panic ? [new LocalityShare(1, usable)] : LocalityShare.Of(all, usable, overprovisioning);
        if (config.Policy is LoadBalancingPolicy.RingHash or LoadBalancingPolicy.Maglev)
        {
            return Policy(config, [.. localities.SelectMany(l => l.Members.Select(m => Weighted(config, m, l.WeightOfEach)))], turn);
        }

        var own = isFirst ? turn : NewTurn();
        if (LocalityShare.AreInProportion(localities))
        {
            return Policy(config, [.. usable.Select(m => Weighted(config, m, 1))], own);
        }

        var children = Array.ConvertAll(localities, l => Policy(config, [.. l.Members.Select(m => Weighted(config, m, 1))], NewTurn()));
        return new LocalitySplit([.. WeightedSlots.Spread([.. localities.Select(l => l.Weight)]).Select(i => children[i])], own);
    }

    private Balancer Policy(LoadBalancingConfig config, WeightedEndpoint[] endpoints, Turn own)
    {
        switch (config.Policy)
        {
            case LoadBalancingPolicy.RingHash:
                return new RingHash(endpoints, config);
            case LoadBalancingPolicy.Maglev:
                return new Maglev(endpoints, config.TableSize);
        }

        var order = WeightedSlots.Spread([.. endpoints.Select(e => e.Weight)]);
        var slots = Array.ConvertAll(order, i => endpoints[i].Endpoint);
        switch (config.Policy)
        {
            case LoadBalancingPolicy.RoundRobin:
                return new RoundRobin(slots, own);
            case LoadBalancingPolicy.Random:
                return new RandomChoice(slots, random);
            default:
                var weights = slots.Length == endpoints.Length ? null : Array.ConvertAll(order, i => endpoints[i].Weight);
                return new LeastRequest(slots, weights, config.ChoiceCount, config.ActiveRequestBias, random);
        }
    }

    private WeightedEndpoint Weighted(LoadBalancingConfig config, ClusterMember member, double share)
    {
        var warm = config.SlowStart is { } slow ? SlowStart.Factor(slow, time.GetElapsedTime(member.Endpoint.Since)) : 1;
        return new WeightedEndpoint(member.Endpoint, member.Config.HashKey ?? member.Endpoint.Authority, member.Config.Weight * share * warm);
    }

    /// <summary>Anywhere in the round: many clients that learn of an endpoint at once must not all begin with it.</summary>
    private Turn NewTurn() => new((uint)random.Next(int.MaxValue));
}
