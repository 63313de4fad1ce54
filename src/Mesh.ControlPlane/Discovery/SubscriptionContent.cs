using ProxylessMesh.ControlPlane.Translation;

namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>The answer to a subscription in one state of the mesh.</summary>
/// <param name="Resources">By name.</param>
/// <param name="Missing">Names that mean nothing.</param>
/// <param name="KeepsVanished">Whether <paramref name="Resources"/> holds some that are gone already.</param>
/// <param name="Failures">Names whose translation failed: an error of ours, told to nobody as absence.</param>
internal sealed record SubscriptionContent(
    Dictionary<string, TranslatedResource> Resources,
    HashSet<string> Missing,
    bool KeepsVanished,
    IReadOnlyList<KeyValuePair<string, Exception>> Failures)
{
    /// <summary>Only what may have changed was looked at; of anything else the client has the latest.</summary>
    public bool IsPartial { get; init; }
}
