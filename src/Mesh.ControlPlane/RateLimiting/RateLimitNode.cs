using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.RateLimiting;

/// <summary>A step of a descriptor in a rate limit configuration, with the steps below it.</summary>
internal sealed class RateLimitNode
{
    private readonly Dictionary<(string Key, string? Value), RateLimitNode> _children = [];

    /// <summary>For requests whose descriptor ends here; null: none.</summary>
    public ConfiguredLimit? Limit { get; init; }

    /// <summary>False: there is one with this key and value already.</summary>
    public bool TryAdd(string key, string? value, RateLimitNode child) => _children.TryAdd((key, value), child);

    /// <summary>An exact value goes before any.</summary>
    public RateLimitNode? Find(string key, string value) =>
        _children.GetValueOrDefault((key, value)) ?? _children.GetValueOrDefault((key, null));
}
