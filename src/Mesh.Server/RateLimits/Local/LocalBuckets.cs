using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.RateLimits.Local;

/// <summary>All buckets of a filter.</summary>
internal sealed class LocalBuckets
{
    /// <param name="config">Of the filter.</param>
    /// <param name="last">Before an update; what the update leaves as it was keeps its tokens.</param>
    /// <param name="now">When new ones are full.</param>
    public LocalBuckets(LocalRateLimitConfig config, LocalBuckets? last, long now)
    {
        Config = config;
        Default = config.Default is null ? null
            : last?.Default is { } bucket && last.Config.Default == config.Default ? bucket
            : new TokenBucket(config.Default, now);

        var kept = last?.Config.MaxDynamic == config.MaxDynamic ? last.Descriptors.ToDictionary(d => d.Config) : [];
        Descriptors = [.. config.Descriptors
            .Select(d => kept.GetValueOrDefault(d) ?? new LocalDescriptor(d, config.MaxDynamic, now))
            .OrderByDescending(d => d.IsExact)];
    }

    public LocalRateLimitConfig Config { get; }

    public TokenBucket? Default { get; }

    public LocalDescriptor[] Descriptors { get; }
}
