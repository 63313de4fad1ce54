using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.LoadBalancing;

/// <summary>Client-side weighted round robin (gRFC A58): one after the other, until at least two endpoints have a weight; then by weight.</summary>
internal sealed class WeightedByReports : Balancer
{
    private readonly Endpoint[] _endpoints;
    private readonly ClientWeightsConfig _config;
    private readonly SlowStartConfig? _warmup;
    private readonly Turn _turn;
    private readonly TimeProvider _time;
    private volatile StrideSchedule? _schedule;

    public WeightedByReports(Endpoint[] endpoints, ClientWeightsConfig config, SlowStartConfig? warmup, Turn turn, TimeProvider time)
    {
        _endpoints = endpoints;
        _config = config;
        _warmup = warmup;
        _turn = turn;
        _time = time;
        Refresh();
    }

    public override Endpoint Pick(ulong hash, int attempt) =>
        _endpoints[_schedule is { } schedule ? schedule.Pick(_turn) : _turn.Next(_endpoints.Length)];

    public override void Refresh()
    {
        var now = _time.GetTimestamp();
        var weights = new double[_endpoints.Length];
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] = _endpoints[i].ReportedWeight?.Get(_config, _time, now) ?? 0;
        }

        if (_warmup is not null)
        {
            Warm(weights, _warmup, now);
        }

        _schedule = StrideSchedule.Of(weights);
    }

    /// <summary>What warms up has a part of its weight, or of the mean while it has none of its own (gRFC A100).</summary>
    private void Warm(double[] weights, SlowStartConfig warmup, long now)
    {
        var known = weights.Count(w => w > 0);
        var mean = known < 2 ? 1 : weights.Sum() / known;
        for (var i = 0; i < weights.Length; i++)
        {
            var weight = known < 2 || weights[i] <= 0 ? mean : weights[i];
            weights[i] = weight * SlowStart.Factor(warmup, _time.GetElapsedTime(_endpoints[i].Since, now));
        }
    }
}
