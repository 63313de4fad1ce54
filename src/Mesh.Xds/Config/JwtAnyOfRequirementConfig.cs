namespace ProxylessMesh.Xds.Config;

/// <summary>One requirement of several.</summary>
internal sealed record JwtAnyOfRequirementConfig(EquatableArray<JwtRequirementConfig> Requirements) : JwtRequirementConfig;
