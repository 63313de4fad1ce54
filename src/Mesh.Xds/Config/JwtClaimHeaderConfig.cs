namespace ProxylessMesh.Xds.Config;

/// <summary>A claim that the app sees as a header. Dots in <paramref name="Claim"/> lead into objects.</summary>
internal sealed record JwtClaimHeaderConfig(string Header, string Claim);
