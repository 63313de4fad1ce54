using System.Collections.Immutable;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Registry;

/// <summary>A workload as it described itself on its ADS stream and as its proof confirmed it.</summary>
/// <param name="Id">Node id; unique among connected workloads.</param>
/// <param name="Namespace">Confirmed when <paramref name="Authenticated"/>.</param>
/// <param name="Name">WORKLOAD_NAME.</param>
/// <param name="ServiceAccount">Confirmed when <paramref name="Authenticated"/>.</param>
/// <param name="Labels">LABELS.</param>
/// <param name="Address">First of INSTANCE_IPS.</param>
/// <param name="Ports">POD_PORTS: name to number. None while the application is not listening yet, or no longer.</param>
/// <param name="Locality">The node's.</param>
/// <param name="AcceptsMutualTls">Whether it terminates mesh mTLS (the label <c>security.istio.io/tlsMode: istio</c>).</param>
/// <param name="Authenticated">Whether the stream proved its identity.</param>
internal sealed record RegisteredWorkload(
    string Id,
    string Namespace,
    string Name,
    string ServiceAccount,
    EquatableMap Labels,
    string Address,
    ImmutableArray<KeyValuePair<string, int>> Ports,
    LocalityId Locality,
    bool AcceptsMutualTls,
    bool Authenticated);
