namespace ProxylessMesh.Xds.Config;

/// <summary>A share of requests waits.</summary>
/// <param name="Fixed">How long; null: the request's header says (x-envoy-fault-delay-request, in milliseconds).</param>
/// <param name="Share">How many of them; a header can only lower it.</param>
internal sealed record FaultDelayConfig(TimeSpan? Fixed, FractionConfig Share);
