namespace ProxylessMesh.Xds.Config;

/// <summary>
/// One header predicate. Exactly one of <paramref name="Value"/>, <paramref name="Range"/> and <paramref name="Present"/> is set.
/// <paramref name="Name"/> is lower case and may be a pseudo header (<c>:method</c>, <c>:authority</c>, <c>:path</c>, <c>:scheme</c>).
/// An absent header fails every value predicate, inverted or not, unless <paramref name="TreatMissingAsEmpty"/>
/// (route_components.proto, HeaderMatcher).
/// </summary>
internal sealed record HeaderMatchConfig(
    string Name,
    StringMatchConfig? Value,
    Int64RangeConfig? Range,
    bool? Present,
    bool Invert = false,
    bool TreatMissingAsEmpty = false);
