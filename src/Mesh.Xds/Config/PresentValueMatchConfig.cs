namespace ProxylessMesh.Xds.Config;

/// <summary>present_match: whether there is a value other than null.</summary>
internal sealed record PresentValueMatchConfig(bool Present) : ValueMatchConfig;
