using Envoy.Type.V3;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Resources.RateLimits;

/// <summary>TokenBucket, with the local rate limit filter's own rule: it fills at most every 50 ms (local_rate_limit.proto).</summary>
internal static class TokenBucketDecoder
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(50);

    public static TokenBucketConfig? Decode(TokenBucket? bucket, string field, DecodeContext context)
    {
        if (bucket is null)
        {
            return null;
        }

        using (context.Enter(field))
        {
            var interval = DurationReader.Positive(bucket.FillInterval, "fill_interval", context);
            if (bucket.MaxTokens == 0)
            {
                context.Error("max_tokens", "must be more than 0");
            }

            if (bucket.TokensPerFill == 0)
            {
                context.Error("tokens_per_fill", "must be more than 0");
            }

            if (interval < Shortest || bucket.FillInterval is null)
            {
                context.Error("fill_interval", "must be 50 ms at least");
            }

            return interval is null ? null : new TokenBucketConfig(bucket.MaxTokens, bucket.TokensPerFill ?? 1, interval.Value);
        }
    }
}
