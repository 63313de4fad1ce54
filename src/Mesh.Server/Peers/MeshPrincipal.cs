using System.Security.Claims;

namespace ProxylessMesh.Server.Peers;

/// <summary>A peer in the terms of ASP.NET's authorization.</summary>
internal static class MeshPrincipal
{
    /// <summary>New for each request, because identities can be changed by whoever holds one.</summary>
    public static ClaimsIdentity IdentityOf(MeshPeer peer)
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
