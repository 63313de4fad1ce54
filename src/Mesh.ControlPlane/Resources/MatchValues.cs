using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>Matches what is like any of <paramref name="Values"/>, if there are some, and like none of <paramref name="NotValues"/>.</summary>
internal sealed record MatchValues(EquatableArray<string> Values, EquatableArray<string> NotValues)
{
    public static MatchValues None { get; } = new([], []);

    public bool IsEmpty => Values.Count == 0 && NotValues.Count == 0;
}
