using ProxylessMesh.ControlPlane.Registry;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Model;

/// <summary>Something that can serve: a registered workload, a WorkloadEntry, or an endpoint written inline in a ServiceEntry. Made when it is looked at, of what holds these anyway.</summary>
/// <param name="Id">Breaks ties, so that order never depends on chance.</param>
/// <param name="Namespace">Where its identity and policies live.</param>
/// <param name="Labels">What selectors and subsets match.</param>
/// <param name="Address">IP address or DNS name.</param>
/// <param name="Ports">Name to number.</param>
/// <param name="Registered">Reports its own ports: none means that it is not listening.</param>
/// <param name="ServiceAccount">Proven (registered) or stated by the operator; null: it has no identity and no mTLS is spoken with it.</param>
/// <param name="Weight">At least 1.</param>
/// <param name="Locality">Where it runs.</param>
internal sealed record MeshWorkload(
    string Id,
    string Namespace,
    EquatableMap Labels,
    string Address,
    EquatableArray<KeyValuePair<string, int>> Ports,
    bool Registered,
    string? ServiceAccount,
    uint Weight,
    LocalityId Locality)
{
    private const string TlsModeLabel = "security.istio.io/tlsMode";

    /// <summary>Of a registered workload, whether or not it takes mTLS; null: it proved none.</summary>
    public string? ProvenAccount { get; init; }

    public static MeshWorkload From(RegisteredWorkload workload) => new(
        workload.Id,
        workload.Namespace,
        workload.Labels,
        workload.Address,
        workload.Ports,
        Registered: true,
        workload is { Authenticated: true, AcceptsMutualTls: true } ? workload.ServiceAccount : null,
        Weight: 1,
        workload.Locality)
    {
        ProvenAccount = workload.Authenticated ? workload.ServiceAccount : null,
    };

    public static MeshWorkload From(WorkloadEntry entry) => From(entry.Endpoint, entry.Meta.Id, index: 0);

    /// <summary>An entry with a service account takes mTLS unless its label says otherwise (Istio, WorkloadEntry.serviceAccount).</summary>
    public static MeshWorkload From(WorkloadEndpoint endpoint, ObjectId owner, int index) => new(
        $"{owner}#{index:D5}",
        owner.Namespace,
        endpoint.Labels,
        endpoint.Address,
        endpoint.Ports,
        Registered: false,
        AcceptsMutualTls(endpoint.Labels) && !string.IsNullOrEmpty(endpoint.ServiceAccount) ? endpoint.ServiceAccount : null,
        Math.Max(1, endpoint.Weight),
        endpoint.Locality);

    /// <summary>Whether the label that workloads of a mesh carry says mTLS; <paramref name="labels"/> without it say nothing against it.</summary>
    private static bool AcceptsMutualTls(EquatableMap labels) => labels.Find(TlsModeLabel) is null or "istio";
}
