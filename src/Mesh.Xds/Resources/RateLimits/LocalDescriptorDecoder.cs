using Envoy.Extensions.Common.Ratelimit.V3;
using Google.Protobuf.Collections;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Resources.RateLimits;

/// <summary>descriptors of the local rate limit filter.</summary>
internal static class LocalDescriptorDecoder
{
    private const int MaxDescriptors = 1000;

    public static EquatableArray<LocalDescriptorConfig> Decode(RepeatedField<LocalRateLimitDescriptor> descriptors, DecodeContext context)
    {
        if (descriptors.Count > MaxDescriptors)
        {
            context.Error("descriptors", $"has {descriptors.Count} entries: at most {MaxDescriptors}");
            return [];
        }

        var decoded = new List<LocalDescriptorConfig>(descriptors.Count);
        var seen = new HashSet<EquatableArray<DescriptorEntryConfig>>();
        for (var i = 0; i < descriptors.Count; i++)
        {
            using (context.Enter("descriptors", i))
            {
                var entries = Entries(descriptors[i].Entries, context);
                if (!seen.Add(entries))
                {
                    context.Error("entries", "stand in another descriptor, too");
                }

                if (descriptors[i].TokenBucket is null)
                {
                    context.Error("token_bucket", "is missing");
                }
                else if (TokenBucketDecoder.Decode(descriptors[i].TokenBucket, "token_bucket", context) is { } bucket)
                {
                    decoded.Add(new LocalDescriptorConfig(entries, bucket) { ShadowMode = descriptors[i].ShadowMode });
                }
            }
        }

        return decoded.ToEquatableArray();
    }

    private static EquatableArray<DescriptorEntryConfig> Entries(RepeatedField<RateLimitDescriptor.Types.Entry> entries, DecodeContext context)
    {
        if (entries.Count is 0 or > DescriptorRuleDecoder.MaxActions)
        {
            context.Error("entries", $"must have 1 to {DescriptorRuleDecoder.MaxActions} entries");
        }

        if (entries.Any(e => e.Key.Length == 0))
        {
            context.Error("entries.key", "must not be empty");
        }

        return entries.Select(e => new DescriptorEntryConfig(e.Key, e.Value)).ToEquatableArray();
    }
}
