namespace ProxylessMesh.Xds.Config;

/// <summary>A valid token of one provider.</summary>
/// <param name="Provider">Its name.</param>
/// <param name="Audiences">Instead of the provider's; null: the provider's.</param>
internal sealed record JwtTokenRequirementConfig(string Provider, EquatableArray<string>? Audiences = null) : JwtRequirementConfig;
