using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Xds.Randomness;

namespace ProxylessMesh.Client.LoadBalancing;

/// <summary>The least busy of a few random samples; the first sampled wins ties (gRFC A48; Envoy, weighted least request with weights in the schedule).</summary>
internal static class LeastRequest
{
    public const int DefaultChoices = 2;

    public static Endpoint Pick(Endpoint[] schedule, int choices, IRandomSource random)
    {
        var best = schedule[random.Next(schedule.Length)];
        for (var i = 1; i < choices; i++)
        {
            var other = schedule[random.Next(schedule.Length)];
            if (other.Active < best.Active)
            {
                best = other;
            }
        }

        return best;
    }
}
