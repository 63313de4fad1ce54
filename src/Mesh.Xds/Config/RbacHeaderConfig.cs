namespace ProxylessMesh.Xds.Config;

/// <summary>A header or pseudo header.</summary>
internal sealed record RbacHeaderConfig(HeaderMatchConfig Header) : RbacConditionConfig;
