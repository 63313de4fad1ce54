namespace ProxylessMesh.Xds.Config;

/// <summary>The global rate limit filter; null = it is switched off here.</summary>
internal sealed record GlobalRateLimitFilterConfig(string Name, GlobalRateLimitConfig? Limits) : HttpFilterConfig(Name);
