using System.Security.Claims;

namespace ProxylessMesh.Server.Peers;

/// <summary>A peer in the terms of ASP.NET's authorization.</summary>
internal static class MeshPrincipal
{
    /// <summary>The peer alone. New for each request, because identities can be changed by whoever holds one.</summary>
    public static ClaimsPrincipal Of(MeshPeer peer) => new(IdentityOf(peer));

    /// <summary>The peer as an additional identity of a user. Somebody who is not authenticated stays so.</summary>
    public static ClaimsPrincipal Beside(ClaimsPrincipal user, MeshPeer peer)
    {
        var authenticated = false;
        foreach (var identity in user.Identities)
        {
            if (identity.AuthenticationType == MeshClaimTypes.AuthenticationType)
            {
                return user;
            }

            authenticated |= identity.IsAuthenticated;
        }

        if (!authenticated)
        {
            return user;
        }

        // A clone, because the app may have cached its principal and use it for other requests.
        var both = user.Clone();
        both.AddIdentity(IdentityOf(peer));
        return both;
    }

    private static ClaimsIdentity IdentityOf(MeshPeer peer)
    {
        var id = peer.Id;
        var identity = new ClaimsIdentity(MeshClaimTypes.AuthenticationType, ClaimTypes.NameIdentifier, ClaimTypes.Role);
        Add(identity, ClaimTypes.NameIdentifier, id.ToString());
        Add(identity, MeshClaimTypes.Namespace, id.Namespace);
        Add(identity, MeshClaimTypes.ServiceAccount, id.ServiceAccount);
        return identity;
    }

    private static void Add(ClaimsIdentity identity, string type, string? value)
    {
        if (value is not null)
        {
            identity.AddClaim(new Claim(type, value, ClaimValueTypes.String, MeshClaimTypes.AuthenticationType));
        }
    }
}
