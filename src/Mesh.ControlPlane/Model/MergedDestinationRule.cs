using System.Collections.Immutable;
using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Model;

/// <summary>The DestinationRules of one namespace for one host, seen as one.</summary>
internal sealed class MergedDestinationRule
{
    private readonly ImmutableDictionary<string, Subset> _subsets;

    private MergedDestinationRule(TrafficPolicy? policy, ImmutableDictionary<string, Subset> subsets, Visibility visibility)
    {
        Policy = policy;
        _subsets = subsets;
        Visibility = visibility;
    }

    public TrafficPolicy? Policy { get; }

    public Visibility Visibility { get; }

    public IEnumerable<string> SubsetNames => _subsets.Keys.Order(StringComparer.Ordinal);

    public Subset? FindSubset(string name) => _subsets.GetValueOrDefault(name);

    /// <summary>
    /// Rules merge, oldest first, when as many namespaces see them; a rule that more namespaces see than an earlier one is merged
    /// into that one and also kept for itself.
    /// </summary>
    public static ImmutableArray<MergedDestinationRule> Merge(IEnumerable<DestinationRule> oldestFirst)
    {
        var merged = new List<MergedDestinationRule>();
        foreach (var rule in oldestFirst)
        {
            var visibility = new Visibility(rule.ExportTo, rule.Meta.Id.Namespace);
            var separate = true;
            for (var i = 0; i < merged.Count; i++)
            {
                if (visibility.Covers(merged[i].Visibility))
                {
                    separate &= !visibility.SameAs(merged[i].Visibility);
                    merged[i] = merged[i].With(rule);
                }
            }

            if (separate)
            {
                merged.Add(new MergedDestinationRule(null, ImmutableDictionary.Create<string, Subset>(StringComparer.Ordinal), visibility).With(rule));
            }
        }

        return [.. merged];
    }

    /// <summary>Subsets of names not seen yet are added; the first traffic policy stays.</summary>
    private MergedDestinationRule With(DestinationRule rule)
    {
        var subsets = _subsets.ToBuilder();
        foreach (var subset in rule.Subsets)
        {
            subsets.TryAdd(subset.Name, subset);
        }

        return new MergedDestinationRule(Policy ?? rule.Policy, subsets.ToImmutable(), Visibility);
    }
}
