using System.Collections.Immutable;
using System.Text;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Registry;

/// <summary>
/// A workload as it described itself on its ADS stream and as its proof confirmed it. There are tens of thousands: what instances have
/// in common stands in <see cref="Kind"/>, and their own texts are put together when they are asked for.
/// </summary>
internal sealed class RegisteredWorkload
{
    private const char Separator = '~';

    // Address, separator, and what is its own of its id.
    private readonly byte[] _own;

    /// <param name="id">Node id; unique among connected workloads.</param>
    /// <param name="namespace">Confirmed when <paramref name="authenticated"/>.</param>
    /// <param name="name">WORKLOAD_NAME.</param>
    /// <param name="serviceAccount">Confirmed when <paramref name="authenticated"/>.</param>
    /// <param name="labels">LABELS.</param>
    /// <param name="address">First of INSTANCE_IPS.</param>
    /// <param name="ports">POD_PORTS: name to number. None while the application is not listening yet, or no longer.</param>
    /// <param name="locality">The node's.</param>
    /// <param name="acceptsMutualTls">Whether it terminates mesh mTLS (the label <c>security.istio.io/tlsMode: istio</c>).</param>
    /// <param name="authenticated">Whether the stream proved its identity.</param>
    /// <exception cref="ArgumentException">The address holds a tilde, which no address does.</exception>
    public RegisteredWorkload(
        string id,
        string @namespace,
        string name,
        string serviceAccount,
        EquatableMap labels,
        string address,
        ImmutableArray<KeyValuePair<string, int>> ports,
        LocalityId locality,
        bool acceptsMutualTls,
        bool authenticated)
    {
        if (address.Contains(Separator, StringComparison.Ordinal))
        {
            throw new ArgumentException("an address holds no tilde", nameof(address));
        }

        var (form, own) = NodeIdForm.Of(id, address, name);
        _own = Encoding.UTF8.GetBytes($"{address}{Separator}{own}");
        Place = new WorkloadPlace(locality);

        // A pod's name is its own, and a name that is the same need not be held along with it.
        Kind = new WorkloadKind(@namespace, own == name ? null : name, serviceAccount, labels, new(ports), form, acceptsMutualTls, authenticated);
    }

    private RegisteredWorkload(byte[] own, WorkloadKind kind, WorkloadPlace place) => (_own, Kind, Place) = (own, kind, place);

    public WorkloadKind Kind { get; }

    public WorkloadPlace Place { get; }

    public string Id
    {
        get
        {
            var (address, own) = Own;
            return Kind.Ids.Compose(address, Kind.Name ?? own, own);
        }
    }

    public string Namespace => Kind.Namespace;

    public string Name => Kind.Name ?? Own.Text;

    public string ServiceAccount => Kind.ServiceAccount;

    public EquatableMap Labels => Kind.Labels;

    public string Address => Own.Address;

    public EquatableArray<KeyValuePair<string, int>> Ports => Kind.Ports;

    public LocalityId Locality => Place.Locality;

    public bool AcceptsMutualTls => Kind.AcceptsMutualTls;

    public bool Authenticated => Kind.Authenticated;

    private (string Address, string Text) Own
    {
        get
        {
            var end = _own.AsSpan().IndexOf((byte)Separator);
            return (Encoding.UTF8.GetString(_own.AsSpan(0, end)), Encoding.UTF8.GetString(_own.AsSpan(end + 1)));
        }
    }

    /// <summary>The same workload, put together from what others have, too.</summary>
    public RegisteredWorkload Sharing(WorkloadKind kind, WorkloadPlace place) => new(_own, kind, place);
}
