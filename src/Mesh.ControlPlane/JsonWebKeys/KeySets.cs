using System.Collections.Immutable;
using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.JsonWebKeys;

/// <summary>The keys that were fetched, at one moment.</summary>
internal sealed record KeySets(ImmutableDictionary<KeySetAddress, string> Known)
{
    /// <summary>Verifies nothing: tokens of an issuer whose keys are not known are refused, as in Istio.</summary>
    private const string NoKeys = "{\"keys\":[]}";

    public static KeySets None { get; } = new(ImmutableDictionary<KeySetAddress, string>.Empty);

    /// <summary>Whether both hold the same keys.</summary>
    public bool IsSameAs(KeySets other) =>
        ReferenceEquals(Known, other.Known)
        || (Known.Count == other.Known.Count && Known.All(entry => other.Known.TryGetValue(entry.Key, out var keys) && keys == entry.Value));

    public string Of(JwtRule rule) => Known.GetValueOrDefault(KeySetAddress.Of(rule), NoKeys);
}
