using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>One issuer of a RequestAuthentication.</summary>
/// <param name="Issuer">Claim iss.</param>
internal sealed record JwtRule(string Issuer)
{
    public EquatableArray<string> Audiences { get; init; } = [];

    /// <summary>Inline JWKS; null: from <see cref="KeySetUri"/>, or without that one found by OpenID Connect discovery.</summary>
    public string? KeySet { get; init; }

    public Uri? KeySetUri { get; init; }

    /// <summary>How long a fetch of the keys may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    public EquatableArray<JwtHeaderConfig> Headers { get; init; } = [];

    public EquatableArray<string> Parameters { get; init; } = [];

    public EquatableArray<string> Cookies { get; init; } = [];

    /// <summary>Empty: none.</summary>
    public string PayloadHeader { get; init; } = "";

    public bool Forward { get; init; }

    public EquatableArray<JwtClaimHeaderConfig> ClaimHeaders { get; init; } = [];

    /// <summary>Besides scope and permission.</summary>
    public EquatableArray<string> SpaceDelimitedClaims { get; init; } = [];
}
