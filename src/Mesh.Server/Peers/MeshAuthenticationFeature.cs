using System.Security.Claims;
using Microsoft.AspNetCore.Http.Features.Authentication;

namespace ProxylessMesh.Server.Peers;

/// <summary>
/// Holds HttpContext.User. The peer stands beside whoever the app authenticates. It stands alone only in an app without
/// authentication of its own: elsewhere every workload would pass an <c>[Authorize]</c> that was meant for signed-in users.
/// </summary>
internal sealed class MeshAuthenticationFeature(MeshPeer peer, bool standsAlone) : IHttpAuthenticationFeature
{
    private ClaimsPrincipal? _user;
    private bool _set;

    public ClaimsPrincipal? User
    {
        get
        {
            if (!_set && standsAlone)
            {
                _user = new ClaimsPrincipal(MeshPrincipal.IdentityOf(peer));
                _set = true;
            }

            return _user;
        }

        set
        {
            _user = value is not null && IsSomeone(value) ? Beside(value) : value;
            _set = true;
        }
    }

    private static bool IsSomeone(ClaimsPrincipal user)
    {
        foreach (var identity in user.Identities)
        {
            if (identity.IsAuthenticated)
            {
                return true;
            }
        }

        return false;
    }

    private ClaimsPrincipal Beside(ClaimsPrincipal user)
    {
        foreach (var identity in user.Identities)
        {
            if (identity.AuthenticationType == MeshClaimTypes.AuthenticationType)
            {
                return user;
            }
        }

        // A clone, because the app may have cached its principal and use it for other requests.
        var both = user.Clone();
        both.AddIdentity(MeshPrincipal.IdentityOf(peer));
        return both;
    }
}
