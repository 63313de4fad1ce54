namespace ProxylessMesh.Xds.Config;

/// <summary>An issuer of tokens: where its tokens stand, how they are verified, and what becomes of them.</summary>
/// <param name="Name">Requirements name it.</param>
/// <param name="Issuer">Claim iss; empty: any.</param>
/// <param name="KeySet">JWKS as JSON. Without a usable key no token of the provider is valid.</param>
internal sealed record JwtProviderConfig(string Name, string Issuer, string KeySet)
{
    /// <summary>Entries of the cache of verified tokens, where nothing is said.</summary>
    public const int DefaultCacheSize = 1000;

    /// <summary>Keys that nothing verifies with: of a provider whose keys are elsewhere, or not known.</summary>
    public const string NoKeys = "{\"keys\":[]}";

    /// <summary>Where the keys are fetched from; null: <see cref="KeySet"/> holds them.</summary>
    public RemoteKeySetConfig? Remote { get; init; }

    /// <summary>One of them must be in claim aud; empty: whatever it says.</summary>
    public EquatableArray<string> Audiences { get; init; } = [];

    /// <summary>Claim sub; null: whatever it says.</summary>
    public StringMatchConfig? Subject { get; init; }

    public bool RequireExpiration { get; init; }

    public TimeSpan? MaxLifetime { get; init; }

    public TimeSpan ClockSkew { get; init; }

    /// <summary>Where tokens stand. No place at all means <c>Authorization: Bearer</c> and the query parameter <c>access_token</c>.</summary>
    public EquatableArray<JwtHeaderConfig> Headers { get; init; } = [];

    /// <summary>Query parameters.</summary>
    public EquatableArray<string> Parameters { get; init; } = [];

    public EquatableArray<string> Cookies { get; init; } = [];

    /// <summary>Whether the app sees the token.</summary>
    public bool Forward { get; init; }

    /// <summary>Receives the payload in base64url; empty: none does.</summary>
    public string PayloadHeader { get; init; } = "";

    /// <summary>Whether the payload in that header is padded.</summary>
    public bool PadsPayload { get; init; }

    public EquatableArray<JwtClaimHeaderConfig> ClaimHeaders { get; init; } = [];

    /// <summary>Whether the claims are given to the filters that follow.</summary>
    public bool PublishesPayload { get; init; }

    /// <summary>Claims that are read as lists of words by the filters that follow.</summary>
    public EquatableArray<string> SpaceDelimitedClaims { get; init; } = [];

    /// <summary>Verified tokens that are remembered.</summary>
    public int CacheSize { get; init; } = DefaultCacheSize;
}
