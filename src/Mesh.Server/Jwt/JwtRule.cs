using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.Server.Jwt;

/// <summary>What the requests of a path need.</summary>
/// <param name="Path">Which requests.</param>
/// <param name="Requirement">Null: they need nothing.</param>
internal sealed record JwtRule(PathMatcher Path, JwtRequirement? Requirement);
