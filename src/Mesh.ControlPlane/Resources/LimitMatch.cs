using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>Which requests a limit counts; all parts must hold.</summary>
/// <param name="Path">Without the query string; null: any.</param>
/// <param name="Methods">Empty: all.</param>
/// <param name="Headers">A null predicate asks for presence.</param>
internal sealed record LimitMatch(StringPredicate? Path, EquatableArray<string> Methods, EquatableArray<NamedPredicate> Headers)
{
    public static LimitMatch Everything { get; } = new(null, [], []);
}
