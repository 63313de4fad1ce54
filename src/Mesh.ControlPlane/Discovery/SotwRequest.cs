using Envoy.Service.Discovery.V3;

namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>A request of state of the world.</summary>
/// <param name="Message">Without names where it repeats them.</param>
/// <param name="RepeatsNames">It asks for the very names that the stream asks for already.</param>
internal sealed record SotwRequest(DiscoveryRequest Message, bool RepeatsNames);
