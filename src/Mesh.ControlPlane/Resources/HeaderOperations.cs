using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>Changes of a message's headers: what is set replaces, what is added stands beside. Names are in lower case.</summary>
/// <param name="Set">Name to value.</param>
/// <param name="Add">Name to value.</param>
/// <param name="Remove">Names.</param>
/// <param name="Authority">The new Host, where a request's host or :authority is set or added (set wins).</param>
internal sealed record HeaderOperations(EquatableMap Set, EquatableMap Add, EquatableArray<string> Remove, string? Authority)
{
    public static HeaderOperations None { get; } = new(EquatableMap.Empty, EquatableMap.Empty, [], null);
}
