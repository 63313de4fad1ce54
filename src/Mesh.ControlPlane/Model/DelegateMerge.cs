using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Model;

/// <summary>
/// Puts the routes of delegates in the place of the routes that name them (Istio, VirtualService: Delegate). One level; a
/// delegate that does not exist, or is not exported to the root's namespace, takes only its route away.
/// </summary>
internal static class DelegateMerge
{
    public static IEnumerable<VirtualService> Resolve(IEnumerable<VirtualService> services)
    {
        var all = services.ToList();
        var delegates = all.Where(s => s.Hosts.Count == 0).ToDictionary(s => (s.Meta.Id.Namespace, s.Meta.Id.Name));
        return all.Where(s => s.Hosts.Count > 0).Select(s => s.Http.Any(r => r.Delegate is not null)
            ? s with { Http = s.Http.SelectMany(r => Routes(r, s.Meta.Id.Namespace, delegates)).ToEquatableArray() }
            : s);
    }

    private static IEnumerable<HttpRoute> Routes(
        HttpRoute root, string rootNamespace, Dictionary<(string Namespace, string Name), VirtualService> delegates)
    {
        if (root.Delegate is not { } reference)
        {
            return [root];
        }

        var ns = reference.Namespace ?? rootNamespace;
        return delegates.TryGetValue((ns, reference.Name), out var target) && new Visibility(target.ExportTo, ns).Includes(rootNamespace)
            ? target.Http.Where(r => r.Delegate is null).Select(leaf => Merge(root, leaf, ns)).OfType<HttpRoute>()
            : [];
    }

    /// <summary>Null when no match of the delegate fits any of the root's.</summary>
    private static HttpRoute? Merge(HttpRoute root, HttpRoute leaf, string owner)
    {
        var matches = root.Matches.Count == 0 ? leaf.Matches
            : leaf.Matches.Count == 0 ? root.Matches
            : (from l in leaf.Matches from r in root.Matches where !DelegateConflicts.Between(r, l) select Merge(r, l)).ToEquatableArray();
        return matches.Count == 0 && root.Matches.Count + leaf.Matches.Count > 0
            ? null
            : leaf with
            {
                Name = Join(root.Name, leaf.Name),
                Matches = matches,
                Timeout = leaf.Timeout ?? root.Timeout,
                Retries = leaf.Retries ?? root.Retries,
                Rewrite = leaf.Rewrite ?? root.Rewrite,
                Fault = leaf.Fault ?? root.Fault,
                Headers = leaf.Headers ?? root.Headers,
                Cors = leaf.Cors ?? root.Cors,
                Mirrors = leaf.Mirrors.Count > 0 ? leaf.Mirrors : root.Mirrors,
                Owner = owner,
            };
    }

    private static HttpMatch Merge(HttpMatch root, HttpMatch leaf) => leaf with
    {
        Name = Join(root.Name, leaf.Name),
        Uri = leaf.Uri ?? root.Uri,
        Scheme = leaf.Scheme ?? root.Scheme,
        Method = leaf.Method ?? root.Method,
        Authority = leaf.Authority ?? root.Authority,
        Headers = Union(root.Headers, leaf.Headers),
        WithoutHeaders = Union(root.WithoutHeaders, leaf.WithoutHeaders),
        QueryParams = Union(root.QueryParams, leaf.QueryParams),
        Port = leaf.Port ?? root.Port,
        SourceLabels = EquatableMap.From(root.SourceLabels.Entries.Where(e => leaf.SourceLabels.Find(e.Key) is null).Concat(leaf.SourceLabels.Entries)),
        SourceNamespace = leaf.SourceNamespace ?? root.SourceNamespace,
        Gateways = leaf.Gateways.Count > 0 ? leaf.Gateways : root.Gateways,
    };

    private static EquatableArray<NamedPredicate> Union(EquatableArray<NamedPredicate> root, EquatableArray<NamedPredicate> leaf) =>
        [.. root.Where(r => !leaf.Any(l => l.Name == r.Name && l.Value is not null)), .. leaf.Where(l => l.Value is not null || !root.Any(r => r.Name == l.Name))];

    private static string Join(string root, string leaf) => root.Length == 0 || leaf.Length == 0 ? root + leaf : $"{root}-{leaf}";
}
