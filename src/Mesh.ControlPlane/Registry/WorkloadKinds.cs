using System.Collections.Immutable;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Registry;

/// <summary>
/// What the instances of one deployment have in common, once for all of them: each describes itself on its own stream, and its labels
/// alone would weigh more than all the rest. Not safe for concurrent use.
/// </summary>
internal sealed class WorkloadKinds
{
    private readonly Dictionary<Kind, (Kind Shared, int Count)> _kinds = [];

    /// <summary>The same workload, put together from what others have, too. <see cref="Release"/> it when it leaves.</summary>
    public RegisteredWorkload Share(RegisteredWorkload workload)
    {
        var own = Kind.Of(workload);
        var (shared, count) = _kinds.GetValueOrDefault(own, (own, 0));
        _kinds[own] = (shared, count + 1);
        return workload with
        {
            Namespace = shared.Namespace,
            ServiceAccount = shared.ServiceAccount,
            Labels = shared.Labels,
            Ports = shared.Ports.Items,
            Locality = shared.Locality,
        };
    }

    public void Release(RegisteredWorkload workload)
    {
        var own = Kind.Of(workload);
        if (_kinds[own] is { Count: > 1 } entry)
        {
            _kinds[own] = entry with { Count = entry.Count - 1 };
        }
        else
        {
            _kinds.Remove(own);
        }
    }

    private sealed record Kind(string Namespace, string ServiceAccount, EquatableMap Labels, PortList Ports, LocalityId Locality)
    {
        public static Kind Of(RegisteredWorkload workload) =>
            new(workload.Namespace, workload.ServiceAccount, workload.Labels, new PortList(workload.Ports), workload.Locality);
    }

    private readonly record struct PortList(ImmutableArray<KeyValuePair<string, int>> Items)
    {
        public bool Equals(PortList other) =>
            Items.IsDefault ? other.Items.IsDefault : !other.Items.IsDefault && Items.AsSpan().SequenceEqual(other.Items.AsSpan());

        public override int GetHashCode() => Items.IsDefaultOrEmpty ? 0 : HashCode.Combine(Items.Length, Items[0].Key, Items[0].Value);
    }
}
