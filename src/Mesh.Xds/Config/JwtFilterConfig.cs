namespace ProxylessMesh.Xds.Config;

/// <summary>Envoy's jwt_authn: which requests need a token, and of whom. Disabled or empty: it verifies nothing.</summary>
internal sealed record JwtFilterConfig(string Name) : HttpFilterConfig(Name)
{
    public EquatableArray<JwtProviderConfig> Providers { get; init; } = [];

    /// <summary>The first whose path matches counts; a request that none matches needs nothing.</summary>
    public EquatableArray<JwtRuleConfig> Rules { get; init; } = [];

    /// <summary>Requirements that routes choose by name.</summary>
    public EquatableArray<JwtNamedRequirementConfig> Named { get; init; } = [];

    /// <summary>Whether CORS preflight requests, which browsers send without credentials, pass.</summary>
    public bool BypassCorsPreflight { get; init; }

    /// <summary>Whether a refusal says nothing of its reason.</summary>
    public bool StripFailureResponse { get; init; }
}
