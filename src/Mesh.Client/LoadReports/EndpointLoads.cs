using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.LoadReports;

/// <summary>Sets on the endpoints of one cluster what its configuration wants to know of their requests.</summary>
internal sealed class EndpointLoads(TimeProvider time)
{
    private bool _isOn;

    public void Configure(ClusterConfig? config, ClusterMember[] members)
    {
        var weights = Weights(config);
        if (weights is null && !_isOn)
        {
            return;
        }

        _isOn = weights is not null;
        foreach (var member in members)
        {
            member.Endpoint.Load = weights is null ? null
                : member.Endpoint.Load is { } load && load.IsOf(weights) ? load
                : new EndpointLoad(member.Endpoint.WeightByReports(), weights, time);
        }
    }

    /// <summary>Null: no weights, or not of reports that come with responses.</summary>
    private static ClientWeightsConfig? Weights(ClusterConfig? config) =>
        config?.LoadBalancing is { Policy: LoadBalancingPolicy.ClientSideWeightedRoundRobin } balancing
            && (balancing.ClientWeights ?? ClientWeightsConfig.Default) is { OutOfBandPeriod: null } weights
            ? weights
            : null;
}
