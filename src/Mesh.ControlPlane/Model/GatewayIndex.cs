using System.Collections.Immutable;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Model;

/// <summary>Gateways, the oldest first. There are few, and each gateway's process asks for its own: they are looked at one by one.</summary>
internal sealed class GatewayIndex(IEnumerable<MeshObject> objects)
{
    private readonly ImmutableArray<Gateway> _all = [.. objects.OfType<Gateway>().OldestFirst()];

    public bool IsEmpty => _all.IsEmpty;

    /// <summary>Those for a gateway with these labels, whatever the namespace (Istio, Gateway.selector); an empty selector means every one.</summary>
    public IEnumerable<Gateway> Selecting(EquatableMap labels) => _all.Where(g => g.Selector.IsSubsetOf(labels));
}
