using ProxylessMesh.Server.RateLimits.Descriptors;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.RateLimits.Local;

/// <summary>A descriptor of the configuration with its bucket or, where values are open, its buckets.</summary>
internal sealed class LocalDescriptor
{
    private readonly TokenBucket? _bucket;
    private readonly BucketTable? _buckets;

    public LocalDescriptor(LocalDescriptorConfig config, int maxDynamic, long now)
    {
        Config = config;
        if (config.Entries.Any(e => e.Value.Length == 0))
        {
            _buckets = new BucketTable(config.Bucket, maxDynamic, now);
        }
        else
        {
            _bucket = new TokenBucket(config.Bucket, now);
        }
    }

    public LocalDescriptorConfig Config { get; }

    /// <summary>Exact ones are looked for before those with open values.</summary>
    public bool IsExact => _bucket is not null;

    public bool Matches(DescriptorBuffer descriptor)
    {
        if (descriptor.Count != Config.Entries.Count)
        {
            return false;
        }

        for (var i = 0; i < descriptor.Count; i++)
        {
            var entry = Config.Entries[i];
            if (descriptor.KeyOf(i) != entry.Key || (entry.Value.Length > 0 && !descriptor.ValueOf(i).SequenceEqual(entry.Value)))
            {
                return false;
            }
        }

        return true;
    }

    public TokenBucket BucketOf(DescriptorBuffer descriptor, long now) => _bucket ?? _buckets!.Find(descriptor.Text, now);
}
