using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Model;

/// <summary>Mesh-wide settings (Istio's MeshConfig).</summary>
/// <param name="TrustDomain">Of all identities.</param>
/// <param name="RootNamespace">Whose policies apply to the whole mesh.</param>
/// <param name="ClusterDomain">Suffix of full service names.</param>
internal sealed record MeshSettings(
    string TrustDomain = "cluster.local",
    string RootNamespace = "istio-system",
    string ClusterDomain = "cluster.local")
{
    /// <summary>For hosts that a client does not know, where no Sidecar says otherwise.</summary>
    public OutboundTrafficMode OutboundTraffic { get; init; } = OutboundTrafficMode.AllowAny;
}
