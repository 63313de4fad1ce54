using Envoy.Config.Core.V3;

namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>What requests of both variants have in common.</summary>
/// <param name="TypeUrl">Of the resources.</param>
/// <param name="Node">On the first request of a stream.</param>
/// <param name="Error">Why the client refuses a response.</param>
internal readonly record struct AdsRequestHead(string TypeUrl, Node? Node, string? Error);
