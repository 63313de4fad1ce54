using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Routing;

/// <summary>How a request found its route.</summary>
/// <param name="Host">Null: no virtual host has its authority.</param>
/// <param name="Missed">The routes before it, and what of each did not match.</param>
/// <param name="Route">Null: none matched.</param>
internal sealed record RouteExplanation(VirtualHostConfig? Host, IReadOnlyList<(RouteEntryConfig Route, string Reason)> Missed, RouteEntryConfig? Route);
