using System.Collections.Immutable;

namespace ProxylessMesh.ControlPlane.Model;

/// <summary>
/// Things by host pattern. A look-up costs one probe per label of the host, however many patterns there are:
/// exact before wildcard, the longest wildcard first (istio.io, Traffic Management Best Practices).
/// </summary>
internal sealed class HostIndex<T>
{
    private readonly Dictionary<string, ImmutableArray<T>> _byPattern;

    /// <param name="entries">Patterns in normal form; things of one pattern keep this order.</param>
    public HostIndex(IEnumerable<(string Pattern, T Value)> entries) =>
        _byPattern = entries
            .GroupBy(e => e.Pattern, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Select(e => e.Value).ToImmutableArray(), StringComparer.Ordinal);

    public IEnumerable<KeyValuePair<string, ImmutableArray<T>>> Patterns => _byPattern;

    public ImmutableArray<T> Exact(string host) => _byPattern.TryGetValue(host, out var found) ? found : [];

    /// <summary>Every pattern that covers the host, the most specific first. A wildcard host is covered by itself and by shorter ones.</summary>
    public IEnumerable<ImmutableArray<T>> Covering(string host)
    {
        if (_byPattern.TryGetValue(host, out var exact))
        {
            yield return exact;
        }

        for (var dot = host.IndexOf('.', HostName.IsWildcard(host) ? Math.Min(2, host.Length) : 0);
             dot >= 0;
             dot = host.IndexOf('.', dot + 1))
        {
            if (_byPattern.TryGetValue("*" + host[dot..], out var wildcard))
            {
                yield return wildcard;
            }
        }

        if (host != "*" && _byPattern.TryGetValue("*", out var everything))
        {
            yield return everything;
        }
    }
}
