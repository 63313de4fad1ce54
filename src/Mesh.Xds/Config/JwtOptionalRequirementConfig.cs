namespace ProxylessMesh.Xds.Config;

/// <summary>A token need not be there. What is there must be valid, unless <paramref name="EvenIfInvalid"/>.</summary>
internal sealed record JwtOptionalRequirementConfig(bool EvenIfInvalid) : JwtRequirementConfig;
