using System.Security.Claims;
using Microsoft.AspNetCore.Http.Features.Authentication;

namespace ProxylessMesh.Server.Peers;

/// <summary>
/// Holds HttpContext.User of an app without authentication of its own: the peer, or the peer beside whoever a middleware of
/// the app sets.
/// </summary>
internal sealed class MeshAuthenticationFeature(MeshPeer peer) : IHttpAuthenticationFeature
{
    private ClaimsPrincipal? _user;
    private bool _set;

    public ClaimsPrincipal? User
    {
        get
        {
            if (!_set)
            {
                _user = MeshPrincipal.Of(peer);
                _set = true;
            }

            return _user;
        }

        set
        {
            _user = value is null ? null : MeshPrincipal.Beside(value, peer);
            _set = true;
        }
    }
}
