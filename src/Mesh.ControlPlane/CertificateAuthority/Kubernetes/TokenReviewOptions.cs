namespace ProxylessMesh.ControlPlane.CertificateAuthority.Kubernetes;

/// <summary>The API server that judges service-account tokens.</summary>
internal sealed record TokenReviewOptions
{
    /// <summary>Where a pod finds what it needs to talk to its API server.</summary>
    private const string InCluster = "/var/run/secrets/kubernetes.io/serviceaccount";

    /// <summary>Of tokens that pods mount for Istio.</summary>
    public const string DefaultAudience = "istio-ca";

    /// <summary><c>https://host:6443</c>.</summary>
    public required Uri Server { get; init; }

    /// <summary>PEM file with the roots of its certificate.</summary>
    public string RootsFile { get; init; } = $"{InCluster}/ca.crt";

    /// <summary>The control plane's own token, which must allow it to create TokenReviews. Read for each call.</summary>
    public string TokenFile { get; init; } = $"{InCluster}/token";

    /// <summary>That tokens must be made for; a token for somebody else must not open the mesh.</summary>
    public string Audience { get; init; } = DefaultAudience;
}
