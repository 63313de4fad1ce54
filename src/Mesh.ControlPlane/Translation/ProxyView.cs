using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Translation;

/// <summary>What of a client the translation depends on. A recording one notes which parts are looked at.</summary>
internal sealed record ProxyView(
    ProxyProfile Profile,
    string Namespace,
    string ServiceAccount,
    string WorkloadName,
    EquatableMap Labels,
    LocalityId Locality)
{
    private static readonly ViewComparer s_whole = ViewComparer.Of((ViewFields)(-1));

    public string ServiceAccount { get => Noted(ViewFields.ServiceAccount, field); init; } = ServiceAccount;

    public string WorkloadName { get => Noted(ViewFields.WorkloadName, field); init; } = WorkloadName;

    public EquatableMap Labels { get => Noted(ViewFields.Labels, field); init; } = Labels;

    public LocalityId Locality { get => Noted(ViewFields.Locality, field); init; } = Locality;

    /// <summary>Ports that a workload will listen on once it knows how to guard them; its agent says so before it registers them.</summary>
    public EquatableArray<KeyValuePair<string, int>> InboundPorts { get => Noted(ViewFields.InboundPorts, field); init; } = [];

    /// <summary>Whether it stands at the edge and takes what Gateways say (node ids <c>router~</c>).</summary>
    public bool IsGateway { get => Noted(ViewFields.IsGateway, field); init; }

    private ViewReads? Reads { get; init; }

    /// <summary>The same client, for one translation.</summary>
    public ProxyView Recording(ViewReads reads) => this with { Reads = reads };

    public bool Equals(ProxyView? other) => s_whole.Equals(this, other);

    public override int GetHashCode() => s_whole.GetHashCode(this);

    private T Noted<T>(ViewFields field, T value)
    {
        Reads?.Note(field);
        return value;
    }
}
