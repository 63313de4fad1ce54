namespace ProxylessMesh.ControlPlane.CertificateAuthority.Kubernetes;

/// <summary>By which keys, and for whom, service-account tokens are believed without asking the API server.</summary>
internal sealed record OfflineTokenOptions
{
    /// <summary>A file, or an http or https URL, with the issuer's JSON Web Key Set.</summary>
    public required string Keys { get; init; }

    /// <summary>The token's <c>iss</c>, exactly: the API server's <c>--service-account-issuer</c>.</summary>
    public required string Issuer { get; init; }

    /// <summary>That tokens must be made for; a token for somebody else must not open the mesh.</summary>
    public string Audience { get; init; } = TokenReviewOptions.DefaultAudience;
}
