using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Registry;

/// <summary>What the instances of one deployment have in common, so that the registry holds it once: see <see cref="RegisteredWorkload"/>.</summary>
/// <param name="Namespace">As proven.</param>
/// <param name="Name">WORKLOAD_NAME; null where it is the instance's own part of its id.</param>
/// <param name="ServiceAccount">As proven.</param>
/// <param name="Labels">LABELS.</param>
/// <param name="Ports">POD_PORTS.</param>
/// <param name="Ids">What their node ids look like.</param>
/// <param name="AcceptsMutualTls">Whether they terminate mesh mTLS.</param>
/// <param name="Authenticated">Whether they proved their identity.</param>
internal sealed record WorkloadKind(
    string Namespace,
    string? Name,
    string ServiceAccount,
    EquatableMap Labels,
    EquatableArray<KeyValuePair<string, int>> Ports,
    NodeIdForm Ids,
    bool AcceptsMutualTls,
    bool Authenticated)
{
    /// <summary>The same of other texts; every text goes through <paramref name="map"/>.</summary>
    public WorkloadKind MapTexts(Func<string, string> map) => this with
    {
        Namespace = map(Namespace),
        Name = Name is null ? null : map(Name),
        ServiceAccount = map(ServiceAccount),
        Labels = EquatableMap.From(Labels.Entries.Select(e => KeyValuePair.Create(map(e.Key), map(e.Value)))),
        Ports = Ports.Select(p => KeyValuePair.Create(map(p.Key), p.Value)).ToEquatableArray(),
        Ids = Ids with { Before = Ids.Before is null ? null : map(Ids.Before), After = Ids.After is null ? null : map(Ids.After) },
    };
}
