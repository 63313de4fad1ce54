using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>An entry of RateLimitPolicy.local.</summary>
internal static class LocalLimitReader
{
    // Envoy's filter fills its buckets no faster (local_rate_limit.proto).
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    public static LocalLimit? Read(YamlObject limit)
    {
        limit.ReportIfMissing("tokens");
        limit.ReportIfMissing("per");
        var match = LimitMatchReader.Read(limit);
        var tokens = limit.Int("tokens", 1, 1_000_000_000);
        var per = limit.Duration("per");
        if (per < Shortest || per > Longest)
        {
            limit.Problems.Error(limit.PositionOf("per"), ProblemCodes.RateIntervalOutOfRange, $"{limit.PathOf("per")} must be 50ms to 24h");
        }

        var burst = limit.Int("burst", 1, 1_000_000_000);
        var by = LimitKeyReader.Sources(limit, "by");
        limit.Close(KnownFields.None);
        return tokens is { } count && per is { } interval ? new LocalLimit(match, count, interval, burst ?? count, by) : null;
    }
}
