using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.LoadBalancing;

/// <summary>Has a cluster's balancer look at the weights again, every update period; there is no timer for other policies.</summary>
internal sealed class WeightUpdates(TimeProvider time, Action refresh) : IDisposable
{
    private ITimer? _timer;
    private TimeSpan _period;

    public void Configure(LoadBalancingConfig config)
    {
        var period = config.Policy == LoadBalancingPolicy.ClientSideWeightedRoundRobin ? (config.ClientWeights ?? ClientWeightsConfig.Default).UpdatePeriod : TimeSpan.Zero;
        if (period == _period)
        {
            return;
        }

        _timer?.Dispose();
        _period = period;
        _timer = period == TimeSpan.Zero ? null : time.CreateTimer(static refresh => ((Action)refresh!)(), refresh, period, period);
    }

    public void Dispose() => _timer?.Dispose();
}
