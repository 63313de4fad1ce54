namespace ProxylessMesh.Xds.Config;

/// <summary>The CORS filter, in a chain, where it has no policy of its own, or as the override of one.</summary>
internal sealed record CorsFilterConfig(string Name, CorsConfig? Policy) : HttpFilterConfig(Name)
{
    /// <summary>Switched off in the chain: only routes with a policy in their overrides have one.</summary>
    public bool Disabled { get; init; }
}
