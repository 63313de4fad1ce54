using System.Net;
using System.Text.Json;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Registry;

/// <summary>A <see cref="RegisteredWorkload"/> as it is written down.</summary>
internal sealed record RememberedWorkload(
    string Id,
    string Namespace,
    string Name,
    string ServiceAccount,
    Dictionary<string, string> Labels,
    string Address,
    KeyValuePair<string, int>[] Ports,
    string Region,
    string Zone,
    string SubZone,
    bool AcceptsMutualTls,
    bool Authenticated)
{
    public static RememberedWorkload Of(RegisteredWorkload workload) => new(
        workload.Id,
        workload.Namespace,
        workload.Name,
        workload.ServiceAccount,
        new Dictionary<string, string>(workload.Labels.Entries),
        workload.Address,
        [.. workload.Ports],
        // The default of a struct has null where its type promises a text.
        workload.Locality.Region ?? "",
        workload.Locality.Zone ?? "",
        workload.Locality.SubZone ?? "",
        workload.AcceptsMutualTls,
        workload.Authenticated);

    /// <exception cref="JsonException">No control plane wrote this.</exception>
    public RegisteredWorkload ToWorkload() => IPAddress.TryParse(Address, out _) && !Labels.ContainsValue(null!) && Ports.All(p => p.Key is not null)
        ? new(Id, Namespace, Name, ServiceAccount, EquatableMap.From(Labels), Address, [.. Ports], new LocalityId(Region, Zone, SubZone), AcceptsMutualTls, Authenticated)
        : throw new JsonException("the address is none, or a part is null");
}
