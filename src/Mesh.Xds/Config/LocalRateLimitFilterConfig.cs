namespace ProxylessMesh.Xds.Config;

/// <summary>The local rate limit filter, in a chain or as the override of one; null = it is switched off here.</summary>
internal sealed record LocalRateLimitFilterConfig(string Name, LocalRateLimitConfig? Limits) : HttpFilterConfig(Name);
