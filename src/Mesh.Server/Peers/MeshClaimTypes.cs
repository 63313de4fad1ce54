namespace ProxylessMesh.Server;

/// <summary>
/// Claims of a mesh peer, next to <see cref="System.Security.Claims.ClaimTypes.NameIdentifier"/>, which holds its SPIFFE id.
/// The names are those of AuthorizationPolicy's source.
/// </summary>
public static class MeshClaimTypes
{
    /// <summary>The identity's <see cref="System.Security.Claims.ClaimsIdentity.AuthenticationType"/>.</summary>
    public const string AuthenticationType = "mesh";

    /// <summary>Kubernetes namespace of the peer.</summary>
    public const string Namespace = "source.namespace";

    /// <summary>Service account of the peer.</summary>
    public const string ServiceAccount = "source.serviceAccount";
}
