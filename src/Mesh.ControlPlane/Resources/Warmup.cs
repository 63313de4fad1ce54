namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>loadBalancer.warmup: how long and how steeply the share of a new endpoint grows. Null: Istio's defaults, 10 % and 1.</summary>
internal sealed record Warmup(TimeSpan Duration, double? MinimumPercent, double? Aggression);
