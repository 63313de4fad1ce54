namespace ProxylessMesh.Xds.Config;

/// <summary>list_match.one_of: a list that holds such a value.</summary>
internal sealed record ListValueMatchConfig(ValueMatchConfig Item) : ValueMatchConfig;
