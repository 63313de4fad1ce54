namespace ProxylessMesh.Server;

/// <summary>The identity in HttpContext.User of a caller whose JSON Web Token the mesh has verified (RequestAuthentication).</summary>
public static class MeshTokenClaims
{
    /// <summary>The identity's <see cref="System.Security.Claims.ClaimsIdentity.AuthenticationType"/>. Its claims have the names that they have in the token.</summary>
    public const string AuthenticationType = "mesh-jwt";
}
