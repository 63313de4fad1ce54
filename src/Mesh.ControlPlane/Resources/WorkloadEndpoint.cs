using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>A WorkloadEntry's body, also found inline in a ServiceEntry.</summary>
/// <param name="Address">IP address or DNS name.</param>
/// <param name="Ports">Port name to number; overrides the service's target port.</param>
/// <param name="Labels">What selectors and subsets match.</param>
/// <param name="ServiceAccount">Its identity; null: none, hence no mTLS towards it.</param>
/// <param name="Weight">0 counts as 1.</param>
/// <param name="Locality"><c>region/zone/subzone</c>.</param>
/// <param name="Position">In the file.</param>
internal sealed record WorkloadEndpoint(
    string Address,
    EquatableArray<KeyValuePair<string, int>> Ports,
    EquatableMap Labels,
    string? ServiceAccount,
    uint Weight,
    LocalityId Locality,
    SourcePosition Position);
