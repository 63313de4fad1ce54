using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.LoadReports;

/// <summary>What of a cluster's configuration concerns load reports.</summary>
/// <param name="Weights">Null: endpoints' reports make no weights.</param>
/// <param name="Stats">Null: nobody is told.</param>
/// <param name="GoesByReach">The policy wants to know which endpoints can be reached.</param>
internal sealed record EndpointLoadConfig(ClientWeightsConfig? Weights, LoadStatsConfig? Stats, bool GoesByReach)
{
    private static readonly EndpointLoadConfig Nothing = new(null, null, false);

    /// <summary>Reports on a stream make the weights; then none in a response does (gRFC A58).</summary>
    public bool HasStreams => Weights is { OutOfBandPeriod: not null };

    public bool WeighsResponses => Weights is { OutOfBandPeriod: null };

    public bool ReadsResponses => WeighsResponses || Stats is { HasMetrics: true };

    public bool ReadsNames => (WeighsResponses && Weights!.MetricNames.AsSpan().Length > 0) || Stats is { HasNamedMetrics: true };

    public bool IsNothing => Weights is null && Stats is null && !GoesByReach;

    public static EndpointLoadConfig Of(ClusterConfig? config, bool canTell)
    {
        var weights = config?.LoadBalancing is { Policy: LoadBalancingPolicy.ClientSideWeightedRoundRobin } balancing
            ? balancing.ClientWeights ?? ClientWeightsConfig.Default
            : null;
        var stats = canTell ? config?.LoadStats : null;
        var goesByReach = config?.LoadBalancing.Policy == LoadBalancingPolicy.PickFirst;
        return weights is null && stats is null && !goesByReach ? Nothing : new EndpointLoadConfig(weights, stats, goesByReach);
    }
}
