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
    private ulong? _seed;

    /// <summary>Of this policy's own order of the endpoints, which lasts as long as the cluster.</summary>
    private ulong Seed => _seed ??= RandomHash.Next(random);

    /// <summary>Where this process is; calls stay there if the cluster says so.</summary>
    public LocalityId Own { get; init; }

    public Balancer Build(LoadBalancingConfig config, int overprovisioningPercent, ClusterMember[] members, out Endpoint[] pickable, out int availability)
    {
        if (config is { Policy: LoadBalancingPolicy.RoundRobin or LoadBalancingPolicy.Random or LoadBalancingPolicy.LeastRequest, SlowStart: null, ZoneAware: null, SubsetSize: 0 }
            && AlikeEndpoints.Of(members) is { } alike)
        {
            pickable = alike;
            availability = Math.Min(100, overprovisioningPercent);
            return Slots(config, alike, null, turn);
        }

        var levels = Levels(members);
        PriorityHealth[] health = [.. levels.Select(l => new PriorityHealth(l.Length, Count(l, IsHealthy), Count(l, IsDegraded)))];
        var loads = PriorityLoads.Of(health, overprovisioningPercent, config.PanicThresholdPercent);
        availability = PriorityLoads.Availability(health, overprovisioningPercent);
        var balancers = new List<Balancer>();
        var upTo = new List<int>();
        var chosen = new List<Endpoint>(members.Length);
        for (var i = 0; i < levels.Length; i++)
        {
            if (loads[i].Healthy > 0)
            {
                var usable = !loads[i].Panic ? Those(levels[i], IsHealthy, health[i].Healthy) : config.ZoneAware is { FailsInPanic: true } ? [] : levels[i];
                Add(levels[i], usable, loads[i].Healthy, loads[i].Panic);
            }
        }

        for (var i = 0; i < levels.Length; i++)
        {
            if (loads[i].Degraded > 0)
            {
                Add(levels[i], Those(levels[i], IsDegraded, health[i].Degraded), loads[i].Degraded, panic: false);
            }
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
            if (usable.Length > 0)
            {
                usable = RandomSubset.Of(usable, config.SubsetSize, config.SubsetSize == 0 ? 0 : Seed);
                balancers.Add(Level(config, overprovisioningPercent, level, usable, panic, balancers.Count == 0));
                upTo.Add((upTo.Count == 0 ? 0 : upTo[^1]) + load);
                chosen.AddRange(Array.ConvertAll(usable, m => m.Endpoint));
            }
        }
    }

    private static ClusterMember[][] Levels(ClusterMember[] members) =>
        members.Length == 0 ? []
        : Array.TrueForAll(members, m => m.Priority == members[0].Priority) ? [members]
        : [.. members.GroupBy(m => m.Priority).OrderBy(g => g.Key).Select(g => g.ToArray())];

    private static int Count(ClusterMember[] members, Predicate<ClusterMember> predicate)
    {
        var count = 0;
        foreach (var member in members)
        {
            count += predicate(member) ? 1 : 0;
        }

        return count;
    }

    /// <summary>Without a copy where all are meant, which is the rule.</summary>
    private static ClusterMember[] Those(ClusterMember[] members, Predicate<ClusterMember> predicate, int count)
    {
        if (count == members.Length)
        {
            return members;
        }

        // An ejection may come between the count and this.
        var those = new ClusterMember[count];
        var next = 0;
        foreach (ref readonly var member in members.AsSpan())
        {
            if (next < count && predicate(member))
            {
                those[next++] = member;
            }
        }

        return next == count ? those : those[..next];
    }

    private static bool IsHealthy(ClusterMember member) => member.Config.Health == EndpointHealth.Healthy && !member.Endpoint.IsEjected;

    private static bool IsDegraded(ClusterMember member) => member.Config.Health == EndpointHealth.Degraded && !member.Endpoint.IsEjected;

    private Balancer Level(LoadBalancingConfig config, int overprovisioning, ClusterMember[] all, ClusterMember[] usable, bool panic, bool isFirst)
    {
        // In panic localities do not count (Envoy, "Panic threshold").
        var localities = panic ? [new LocalityShare(1, usable)] : LocalityShare.Of(all, usable, overprovisioning);
        if (config.Policy is LoadBalancingPolicy.RingHash or LoadBalancingPolicy.Maglev or LoadBalancingPolicy.PickFirst)
        {
            return Policy(config, [.. localities.SelectMany(l => l.Members.Select(m => Weighted(config, m, l.WeightOfEach)))], turn);
        }

        var own = isFirst ? turn : NewTurn();
        if (config.ZoneAware is { } zones)
        {
            return InZones(config, zones, usable, panic, own);
        }

        if (LocalityShare.AreInProportion(localities))
        {
            return Unshared(config, usable, own);
        }

        var children = Array.ConvertAll(localities, l => Unshared(config, l.Members, NewTurn()));
        return new LocalitySplit([.. WeightedSlots.Spread([.. localities.Select(l => l.Weight)]).Select(i => children[i])], own);
    }

    /// <summary>By endpoint weights alone: a cluster has either zones or weights of localities (common_lb_config).</summary>
    private Balancer InZones(LoadBalancingConfig config, ZoneAwareConfig zones, ClusterMember[] usable, bool panic, Turn own)
    {
        var near = panic || usable[0].Priority != 0 ? null : OwnZone.Of(zones, Own, usable);
        if (near is null)
        {
            return Of(usable, own);
        }

        return zones.RoutingPercent >= 100 ? Of(near, own) : new SharedByDice(Of(near, own), zones.RoutingPercent, Of(usable, NewTurn()), random);

        Balancer Of(ClusterMember[] members, Turn of) => Unshared(config, members, of);
    }

    /// <summary>By endpoint weights alone.</summary>
    private Balancer Unshared(LoadBalancingConfig config, ClusterMember[] members, Turn own) =>
        config.SlowStart is null && Array.TrueForAll(members, m => m.Config.Weight == members[0].Config.Weight)
            ? Slots(config, Array.ConvertAll(members, m => m.Endpoint), null, own)
            : Policy(config, Array.ConvertAll(members, m => Weighted(config, m, 1)), own);

    private Balancer Policy(LoadBalancingConfig config, WeightedEndpoint[] endpoints, Turn own)
    {
        switch (config.Policy)
        {
            case LoadBalancingPolicy.RingHash:
                return new RingHash(endpoints, config);
            case LoadBalancingPolicy.Maglev:
                return new Maglev(endpoints, config.TableSize);
            case LoadBalancingPolicy.ClientSideWeightedRoundRobin:
                // The control plane's weights do not count (gRFC A58).
                return Slots(config, Array.ConvertAll(endpoints, e => e.Endpoint), null, own);
            case LoadBalancingPolicy.PickFirst:
                return new PickFirst(config.ShufflesAddresses ? WeightedShuffle.Of(endpoints, Seed) : Array.ConvertAll(endpoints, e => e.Endpoint));
        }

        var order = Array.TrueForAll(endpoints, e => e.Weight == endpoints[0].Weight) ? null : WeightedSlots.Spread([.. endpoints.Select(e => e.Weight)]);
        var slots = order is null ? Array.ConvertAll(endpoints, e => e.Endpoint) : Array.ConvertAll(order, i => endpoints[i].Endpoint);
        return Slots(config, slots, order is null || slots.Length == endpoints.Length ? null : Array.ConvertAll(order, i => endpoints[i].Weight), own);
    }

    private Balancer Slots(LoadBalancingConfig config, Endpoint[] slots, double[]? weights, Turn own) => config.Policy switch
    {
        LoadBalancingPolicy.RoundRobin => new RoundRobin(slots, own),
        LoadBalancingPolicy.Random => new RandomChoice(slots, random),
        LoadBalancingPolicy.ClientSideWeightedRoundRobin =>
            new WeightedByReports(slots, config.ClientWeights ?? ClientWeightsConfig.Default, config.SlowStart, own, time),
        _ => new LeastRequest(slots, weights, config.ChoiceCount, config.ActiveRequestBias, random),
    };

    private WeightedEndpoint Weighted(LoadBalancingConfig config, ClusterMember member, double share)
    {
        var warm = config.SlowStart is { } slow ? SlowStart.Factor(slow, time.GetElapsedTime(member.Endpoint.Since)) : 1;
        return new WeightedEndpoint(member.Endpoint, member.Config.HashKey ?? member.Endpoint.Authority, member.Config.Weight * share * warm);
    }

    /// <summary>Anywhere in the round: many clients that learn of an endpoint at once must not all begin with it.</summary>
    private Turn NewTurn() => new((uint)random.Next(int.MaxValue));
}
