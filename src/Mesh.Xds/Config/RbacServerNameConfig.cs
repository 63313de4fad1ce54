namespace ProxylessMesh.Xds.Config;

/// <summary>requested_server_name: the SNI of the connection's client hello, or the empty text.</summary>
internal sealed record RbacServerNameConfig(StringMatchConfig Name) : RbacConditionConfig;
