using ProxylessMesh.Client.Clusters;

namespace ProxylessMesh.Client.LoadBalancing;

/// <summary>An endpoint that may be picked.</summary>
/// <param name="Endpoint">It.</param>
/// <param name="HashKey">What places it on rings and in tables.</param>
/// <param name="Weight">Above 0. For hashing: its share of all, which add up to 1.</param>
internal readonly record struct WeightedEndpoint(Endpoint Endpoint, string HashKey, double Weight);
