using Envoy.Service.Ratelimit.V3;

namespace ProxylessMesh.ControlPlane.RateLimiting;

/// <summary>A limit of the configuration.</summary>
/// <param name="Requests">In each window; null: unlimited.</param>
/// <param name="Unit">As it is told to callers.</param>
/// <param name="Window">Its length.</param>
/// <param name="Name">May be empty.</param>
/// <param name="IsShadow">Counted, but never over.</param>
internal sealed record ConfiguredLimit(uint? Requests, RateLimitResponse.Types.RateLimit.Types.Unit Unit, TimeSpan Window, string Name, bool IsShadow);
