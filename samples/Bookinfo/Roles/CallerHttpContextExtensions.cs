namespace Bookinfo.Roles;

/// <summary>Names the caller of a request.</summary>
internal static class CallerHttpContextExtensions
{
    /// <summary>The SPIFFE identity that the caller's certificate proves.</summary>
    public static string Caller(this HttpContext context) => context.GetMeshPeer()?.Id.ToString() ?? "nobody it knows (plaintext)";
}
