namespace ProxylessMesh.Xds.Config;

/// <summary>The bucket of requests with this descriptor.</summary>
internal sealed record LocalDescriptorConfig(EquatableArray<DescriptorEntryConfig> Entries, TokenBucketConfig Bucket)
{
    /// <summary>Counted, but never refused.</summary>
    public bool ShadowMode { get; init; }
}
