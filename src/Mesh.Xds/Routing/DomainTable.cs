using System.Collections.Frozen;

namespace ProxylessMesh.Xds.Routing;

/// <summary>
/// Which virtual host serves an authority: an exact domain, else the longest <c>*suffix</c>, else the longest
/// <c>prefix*</c>, else <c>*</c>, without regard to case (route_components.proto, VirtualHost.domains).
/// The authority is tried as it is: ports are part of the domains here.
/// </summary>
internal sealed class DomainTable<T>
    where T : class
{
    private readonly FrozenDictionary<string, T> _exact;
    private readonly WildcardDomains<T> _suffixes;
    private readonly WildcardDomains<T> _prefixes;
    private readonly T? _any;

    /// <param name="domains">Distinct, as the decoder checked.</param>
    public DomainTable(IEnumerable<KeyValuePair<string, T>> domains)
    {
        var exact = new Dictionary<string, T>(StringComparer.OrdinalIgnoreCase);
        var suffixes = new Dictionary<string, T>(StringComparer.OrdinalIgnoreCase);
        var prefixes = new Dictionary<string, T>(StringComparer.OrdinalIgnoreCase);
        foreach (var (domain, value) in domains)
        {
            if (domain == "*")
            {
                _any = value;
            }
            else if (domain.StartsWith('*'))
            {
                suffixes.Add(domain[1..], value);
            }
            else if (domain.EndsWith('*'))
            {
                prefixes.Add(domain[..^1], value);
            }
            else
            {
                exact.Add(domain, value);
            }
        }

        _exact = exact.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        _suffixes = new WildcardDomains<T>(suffixes, atEnd: true);
        _prefixes = new WildcardDomains<T>(prefixes, atEnd: false);
    }

    public T? Find(string authority) =>
        _exact.TryGetValue(authority, out var found)
            ? found
            : _suffixes.Find(authority) ?? _prefixes.Find(authority) ?? _any;
}
