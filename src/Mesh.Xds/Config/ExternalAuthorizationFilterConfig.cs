namespace ProxylessMesh.Xds.Config;

/// <summary>The external authorization filter; null = it is switched off.</summary>
internal sealed record ExternalAuthorizationFilterConfig(string Name, ExternalAuthorizationConfig? Authorizer) : HttpFilterConfig(Name);
