using ProxylessMesh.Xds.Jose;

namespace ProxylessMesh.Server.Jwt;

/// <summary>What is kept of a token whose signature was verified.</summary>
/// <param name="Claims">To be checked again each time: they tell when it ends.</param>
/// <param name="Verified">For the filters that follow.</param>
/// <param name="Headers">That the app receives.</param>
internal sealed record CachedToken(JwtClaims Claims, VerifiedToken Verified, KeyValuePair<string, string>[] Headers);
