namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>trafficPolicy.loadBalancer.</summary>
internal sealed record LoadBalancer(SimpleLoadBalancer Simple, SourcePosition Position)
{
    /// <summary>Set: it takes the place of <see cref="Simple"/>.</summary>
    public ConsistentHash? ConsistentHash { get; init; }

    /// <summary>Set: it takes the place of <see cref="Simple"/>.</summary>
    public BackendUtilization? BackendUtilization { get; init; }

    /// <summary>Null: the mesh's.</summary>
    public LocalityLoadBalancing? Locality { get; init; }

    /// <summary>Null: off, as in the mesh.</summary>
    public ZoneAwareness? ZoneAware { get; init; }

    public Warmup? Warmup { get; init; }
}
