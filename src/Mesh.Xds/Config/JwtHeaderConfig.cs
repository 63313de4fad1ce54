namespace ProxylessMesh.Xds.Config;

/// <summary>A header that holds a token behind a prefix, which may be empty.</summary>
internal sealed record JwtHeaderConfig(string Name, string Prefix);
