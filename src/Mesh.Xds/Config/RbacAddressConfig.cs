namespace ProxylessMesh.Xds.Config;

/// <summary>destination_ip, source_ip, direct_remote_ip, remote_ip.</summary>
internal sealed record RbacAddressConfig(RbacAddress Whose, CidrConfig Range) : RbacConditionConfig;
