using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.CertificateAuthority.Accounts;

/// <summary>What a service account may say of its workloads. An empty part leaves it to them.</summary>
/// <param name="Labels">Values that a label may have, by its name; <see cref="Any"/> = every value. Other labels may not be claimed.</param>
/// <param name="Workloads">Names.</param>
internal sealed record WorkloadBinding(IReadOnlyDictionary<string, IReadOnlyList<string>> Labels, IReadOnlyList<string> Workloads)
{
    public const string Any = "*";

    // Whether it terminates mesh TLS, which every workload says and which its certificate has to bear out.
    private const string TlsModeLabel = "security.istio.io/tlsMode";

    /// <summary>One sentence on what is claimed and not allowed, or null.</summary>
    public string? ProblemOf(string workload, EquatableMap labels)
    {
        if (Workloads.Count > 0 && !Workloads.Contains(workload))
        {
            return $"workload {workload}, but only {string.Join(", ", Workloads)}";
        }

        if (Labels.Count == 0)
        {
            return null;
        }

        foreach (var (name, value) in labels.Entries)
        {
            if (name == TlsModeLabel)
            {
                continue;
            }

            if (!Labels.TryGetValue(name, out var allowed))
            {
                return $"label {name}={value}, but only {string.Join(", ", Labels.Keys.Order(StringComparer.Ordinal))}";
            }

            if (!allowed.Contains(value) && !allowed.Contains(Any))
            {
                return $"label {name}={value}, but only {string.Join(" or ", allowed)}";
            }
        }

        return null;
    }

    public bool Equals(WorkloadBinding? other) => other is not null && ToString() == other.ToString();

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>As on the command line.</summary>
    public override string ToString() => string.Join(' ', [
        .. Labels.OrderBy(l => l.Key, StringComparer.Ordinal).SelectMany(l => l.Value.Order(StringComparer.Ordinal).Select(v => $"--label {l.Key}={v}")),
        .. Workloads.Order(StringComparer.Ordinal).Select(w => $"--workload {w}")]);
}
