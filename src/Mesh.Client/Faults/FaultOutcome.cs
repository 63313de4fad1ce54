using ProxylessMesh.Client.Routing;

namespace ProxylessMesh.Client.Faults;

/// <summary>What became of a call at the faults: answered, or to go on along a route.</summary>
internal readonly record struct FaultOutcome(HttpResponseMessage? Reply, RouteModel Route, bool Delayed);
