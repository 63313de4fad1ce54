namespace ProxylessMesh.Xds.Config;

/// <summary>Makes one descriptor from a request: the entries of all actions, or none at all.</summary>
internal sealed record DescriptorRuleConfig(EquatableArray<DescriptorActionConfig> Actions)
{
    /// <summary>How many requests one counts as.</summary>
    public uint Hits { get; init; } = 1;
}
