namespace ProxylessMesh.Xds.Config;

/// <summary>One change of a header. The name is in lower case and no pseudo header; the value is visible ASCII.</summary>
internal readonly record struct HeaderMutationConfig(HeaderMutationKind Kind, string Name, string Value = "");
