namespace ProxylessMesh.Xds.Config;

/// <summary>How long to wait when a response says so itself.</summary>
/// <param name="ResetHeaders">The first that is there and makes sense counts.</param>
/// <param name="MaxInterval">What asks for more is passed over; Envoy's default is 300 s.</param>
internal sealed record RateLimitedBackOffConfig(EquatableArray<ResetHeaderConfig> ResetHeaders, TimeSpan MaxInterval);
