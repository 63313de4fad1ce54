namespace ProxylessMesh.Xds.Config;

/// <summary>All of several requirements.</summary>
internal sealed record JwtAllOfRequirementConfig(EquatableArray<JwtRequirementConfig> Requirements) : JwtRequirementConfig;
