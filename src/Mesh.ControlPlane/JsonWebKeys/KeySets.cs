using System.Collections.Immutable;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.JsonWebKeys;

/// <summary>The keys that were fetched, at one moment.</summary>
internal sealed record KeySets(ImmutableDictionary<KeySetAddress, string> Known)
{
    public static KeySets None { get; } = new(ImmutableDictionary<KeySetAddress, string>.Empty);

    /// <summary>Whether both hold the same keys.</summary>
    public bool IsSameAs(KeySets other) =>
        ReferenceEquals(Known, other.Known)
        || (Known.Count == other.Known.Count && Known.All(entry => other.Known.TryGetValue(entry.Key, out var keys) && keys == entry.Value));

    /// <summary>Of an issuer whose keys are not known, a set that verifies nothing: its tokens are refused, as in Istio.</summary>
    public string Of(JwtRule rule) => Known.GetValueOrDefault(KeySetAddress.Of(rule), JwtProviderConfig.NoKeys);
}
