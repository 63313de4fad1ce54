using System.Collections.Immutable;
using ProxylessMesh.ControlPlane.Translation;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>A connected client, as an operator wants to see it.</summary>
/// <param name="NodeId">As it said.</param>
/// <param name="View">As it said; namespace and service account are proven when <paramref name="Identity"/> is there.</param>
/// <param name="Identity">What it proved; null on a plaintext connection.</param>
/// <param name="ConnectedAt">When its stream began.</param>
/// <param name="Types">What it subscribed to, in push order.</param>
internal sealed record ClientStatus(
    string NodeId, ProxyView View, SpiffeId? Identity, DateTimeOffset ConnectedAt, ImmutableArray<SubscriptionStatus> Types)
{
    /// <summary>sotw or delta.</summary>
    public string Protocol { get; init; } = "";
}
