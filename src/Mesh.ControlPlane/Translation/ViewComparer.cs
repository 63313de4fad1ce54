using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace ProxylessMesh.ControlPlane.Translation;

/// <summary>Takes clients for equal that agree in some parts.</summary>
internal sealed class ViewComparer : IEqualityComparer<ProxyView>
{
    private static readonly ConcurrentDictionary<ViewFields, ViewComparer> s_all = new();

    private ViewComparer(ViewFields fields) => Fields = fields;

    public ViewFields Fields { get; }

    public static ViewComparer Of(ViewFields fields) => s_all.GetOrAdd(fields, static f => new ViewComparer(f));

    public bool Equals(ProxyView? x, ProxyView? y) =>
        ReferenceEquals(x, y)
        || (x is not null && y is not null
            && (!Has(ViewFields.Profile) || x.Profile == y.Profile)
            && (!Has(ViewFields.Namespace) || x.Namespace == y.Namespace)
            && (!Has(ViewFields.ServiceAccount) || x.ServiceAccount == y.ServiceAccount)
            && (!Has(ViewFields.WorkloadName) || x.WorkloadName == y.WorkloadName)
            && (!Has(ViewFields.Labels) || x.Labels.Equals(y.Labels))
            && (!Has(ViewFields.Locality) || x.Locality.Equals(y.Locality))
            && (!Has(ViewFields.InboundPorts) || x.InboundPorts.Equals(y.InboundPorts))
            && (!Has(ViewFields.IsGateway) || x.IsGateway == y.IsGateway));

    public int GetHashCode([DisallowNull] ProxyView obj) => HashCode.Combine(
        Has(ViewFields.Profile) ? (int)obj.Profile : 0,
        Has(ViewFields.Namespace) ? obj.Namespace.GetHashCode(StringComparison.Ordinal) : 0,
        Has(ViewFields.ServiceAccount) ? obj.ServiceAccount.GetHashCode(StringComparison.Ordinal) : 0,
        Has(ViewFields.WorkloadName) ? obj.WorkloadName.GetHashCode(StringComparison.Ordinal) : 0,
        Has(ViewFields.Labels) ? obj.Labels.GetHashCode() : 0,
        Has(ViewFields.Locality) ? obj.Locality.GetHashCode() : 0,
        Has(ViewFields.InboundPorts) ? obj.InboundPorts.GetHashCode() : 0);

    private bool Has(ViewFields field) => (Fields & field) != 0;
}
