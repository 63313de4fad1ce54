namespace ProxylessMesh.ControlPlane.Registry;

/// <summary>
/// What node ids of the instances of one workload have in common: in <c>sidecar~10.0.0.1~reviews-v1-7d8f.default~default.svc.cluster.local</c>
/// (Istio, pilot/pkg/model, Proxy.ServiceNode) only <c>7d8f</c> is an instance's own, and its address.
/// </summary>
/// <param name="Before">What stands before the address; null: the id has no such form, and is an instance's own whole.</param>
/// <param name="After">What stands after the instance's own part.</param>
/// <param name="HasName">Whether the workload's name and a dash stand before that part.</param>
internal readonly record struct NodeIdForm(string? Before, string? After, bool HasName)
{
    private const char Separator = '~';

    /// <summary>The form of an id, and what is left of it.</summary>
    public static (NodeIdForm Form, string Own) Of(string id, string address, string name)
    {
        if (id.Split(Separator) is not [var type, var where, var who, var domain] || where != address)
        {
            return (default, id);
        }

        var dot = who.LastIndexOf('.');
        var (own, after) = dot < 0 ? (who, $"~{domain}") : (who[..dot], $"{who[dot..]}~{domain}");
        return name.Length > 0 && own.Length > name.Length && own[name.Length] == '-' && own.StartsWith(name, StringComparison.Ordinal)
            ? (new NodeIdForm($"{type}~", after, HasName: true), own[(name.Length + 1)..])
            : (new NodeIdForm($"{type}~", after, HasName: false), own);
    }

    public string Compose(string address, string name, string own) =>
        Before is null ? own : HasName ? $"{Before}{address}~{name}-{own}{After}" : $"{Before}{address}~{own}{After}";
}
