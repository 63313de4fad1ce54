namespace ProxylessMesh.Xds.Config;

/// <summary>An entry of a JWT filter's requirement_map; a requirement of null asks for nothing.</summary>
internal sealed record JwtNamedRequirementConfig(string Name, JwtRequirementConfig? Requirement);
