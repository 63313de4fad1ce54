namespace ProxylessMesh.Xds.Config;

/// <summary>authenticated: the peer's name; null: any connection with TLS.</summary>
internal sealed record RbacAuthenticatedConfig(StringMatchConfig? Name) : RbacConditionConfig;
