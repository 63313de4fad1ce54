using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Xds.Randomness;

namespace ProxylessMesh.Client.LoadBalancing;

/// <summary>
/// The least busy of a few random samples; the first sampled wins ties (gRFC A48). Where weights differ, samples are drawn in
/// proportion to them and compared by requests per weight, so that idle and busy endpoints alike get their share.
/// </summary>
/// <param name="slots">Each endpoint as often as its weight asks.</param>
/// <param name="weights">Of each slot's endpoint; null: all are equal.</param>
/// <param name="choices">Samples.</param>
/// <param name="bias">How much requests in flight count against a weight (Envoy, active_request_bias): 0 not at all, 1 in proportion. Equal weights know no bias.</param>
/// <param name="random">The dice.</param>
internal sealed class LeastRequest(Endpoint[] slots, double[]? weights, int choices, double bias, IRandomSource random) : Balancer
{
    public override Endpoint Pick(ulong hash, int attempt) => weights is null ? Equal() : Weighted(weights);

    private Endpoint Equal()
    {
        var best = slots[random.Next(slots.Length)];
        for (var i = 1; i < choices; i++)
        {
            var other = slots[random.Next(slots.Length)];
            if (other.Active < best.Active)
            {
                best = other;
            }
        }

        return best;
    }

    private Endpoint Weighted(double[] weightOf)
    {
        var slot = random.Next(slots.Length);
        var best = slots[slot];
        var load = Load(best, weightOf[slot]);
        for (var i = 1; i < choices && load > 0; i++)
        {
            slot = random.Next(slots.Length);
            var other = Load(slots[slot], weightOf[slot]);
            if (other < load)
            {
                (best, load) = (slots[slot], other);
            }
        }

        return best;
    }

    private double Load(Endpoint endpoint, double weight) => bias switch
    {
        0 => 0,
        1 => endpoint.Active / weight,
        _ => Math.Pow(endpoint.Active, bias) / weight,
    };
}
