using System.Security.Claims;
using Microsoft.AspNetCore.Http.Features.Authentication;
using ProxylessMesh.Server.Peers;

namespace ProxylessMesh.Server.Jwt;

/// <summary>
/// HttpContext.User of an app without authentication of its own whose caller has shown a token: the peer, if there is one, and
/// whoever the token speaks for.
/// </summary>
internal sealed class TokenAuthenticationFeature(MeshPeer? peer, VerifiedToken token) : IHttpAuthenticationFeature
{
    private ClaimsPrincipal? _user;
    private bool _set;

    public ClaimsPrincipal? User
    {
        get
        {
            if (!_set)
            {
                _user = peer is null ? new ClaimsPrincipal() : MeshPrincipal.Of(peer);
                _user.AddIdentity(TokenIdentity.Of(token));
                _set = true;
            }

            return _user;
        }

        set
        {
            _user = value is null || peer is null ? value : MeshPrincipal.Beside(value, peer);
            _set = true;
        }
    }
}
