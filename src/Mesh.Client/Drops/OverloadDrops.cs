using System.Globalization;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Randomness;

namespace ProxylessMesh.Client.Drops;

/// <summary>
/// Calls that the control plane wants dropped, to protect a cluster that is overloaded (ClusterLoadAssignment.Policy.drop_overloads): each
/// category takes its share of what those before it left (gRFC A27). Envoy knows one category only.
/// </summary>
internal sealed class OverloadDrops
{
    private const int Million = 1_000_000;
    private readonly (DropCategory Category, int PerMillion)[] _drops;

    private OverloadDrops((DropCategory Category, int PerMillion)[] drops) => _drops = drops;

    /// <summary>Null when nothing is dropped. What a category has counted stays, while there is one of its name.</summary>
    public static OverloadDrops? Of(EquatableArray<DropConfig> config, OverloadDrops? before) => config.Count == 0
        ? null
        : new([.. config.Select(d => (before?.Find(d.Category) ?? new DropCategory(d.Category), d.PerMillion))]);

    /// <summary>Whether the call is one of them.</summary>
    public bool Takes(IRandomSource random)
    {
        foreach (var (category, perMillion) in _drops)
        {
            if (random.Next(Million) < perMillion)
            {
                category.Count();
                return true;
            }
        }

        return false;
    }

    /// <summary>What was dropped since this was asked last, by category.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> Take() =>
        [.. _drops.Select(d => KeyValuePair.Create(d.Category.Name, d.Category.Take())).Where(d => d.Value > 0)];

    public override string ToString() => string.Join(
        ", ", _drops.Select(d => string.Create(CultureInfo.InvariantCulture, $"{d.Category.Name} {d.PerMillion / 10_000.0:0.####}%")));

    private DropCategory? Find(string name) => Array.Find(_drops, d => d.Category.Name == name).Category;
}
