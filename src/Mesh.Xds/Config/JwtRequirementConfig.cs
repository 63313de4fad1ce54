namespace ProxylessMesh.Xds.Config;

/// <summary>What a request must bring.</summary>
internal abstract record JwtRequirementConfig;
