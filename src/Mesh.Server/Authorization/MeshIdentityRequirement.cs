using Microsoft.AspNetCore.Authorization;

namespace ProxylessMesh.Server.Authorization;

/// <summary>One of some mesh identities.</summary>
internal sealed class MeshIdentityRequirement(string[] ids) : IAuthorizationRequirement
{
    public bool Admits(string id)
    {
        foreach (var wanted in ids)
        {
            if (wanted.EndsWith('*') ? id.AsSpan().StartsWith(wanted.AsSpan(0, wanted.Length - 1), StringComparison.Ordinal) : id == wanted)
            {
                return true;
            }
        }

        return false;
    }
}
