using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;

namespace ProxylessMesh.Server.Peers;

/// <summary>
/// Puts the peer beside each user whom the app authenticates. In such an app the peer never stands alone in HttpContext.User:
/// every workload would pass an <c>[Authorize]</c> that was meant for signed-in users.
/// </summary>
internal sealed class MeshClaimsTransformation : IClaimsTransformation
{
    private static readonly AsyncLocal<MeshPeer?> Flowing = new();

    /// <summary>The peer of the request that is being served; set only where the app authenticates.</summary>
    public static MeshPeer? Peer
    {
        get => Flowing.Value;
        set => Flowing.Value = value;
    }

    public Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal) =>
        Task.FromResult(Peer is { } peer ? MeshPrincipal.Beside(principal, peer) : principal);
}
