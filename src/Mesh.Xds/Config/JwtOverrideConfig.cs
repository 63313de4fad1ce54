namespace ProxylessMesh.Xds.Config;

/// <summary>What a route asks of the JWT filter: the requirement of this name instead of the filter's rules; null = nothing.</summary>
internal sealed record JwtOverrideConfig(string Name, string? RequirementName) : HttpFilterConfig(Name);
