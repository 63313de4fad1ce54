namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>An attribute of the request: <c>request.headers[x-token]</c>, <c>source.ip</c>, <c>request.auth.claims[group]</c>.</summary>
internal sealed record AuthorizationCondition(string Key, MatchValues Values);
