using ProxylessMesh.Server.Authorization;

namespace Microsoft.AspNetCore.Authorization;

/// <summary>Mesh identities in ASP.NET's authorization policies.</summary>
public static class MeshAuthorizationPolicyBuilderExtensions
{
    private const string Scheme = "spiffe://";

    /// <summary>
    /// Requires that the caller has proved one of these identities by mutual TLS. A plaintext call has none; without the mesh
    /// (no control plane is configured) nobody has one, so the policy refuses everybody.
    /// </summary>
    /// <param name="policy">The policy.</param>
    /// <param name="ids">SPIFFE ids, such as <c>spiffe://cluster.local/ns/default/sa/productpage</c>; one that ends in <c>*</c> stands for all that begin so.</param>
    /// <exception cref="ArgumentException">There is no id, one does not begin with <c>spiffe://</c> and a trust domain, or has a <c>*</c> before its end.</exception>
    public static AuthorizationPolicyBuilder RequireMeshIdentity(this AuthorizationPolicyBuilder policy, params string[] ids)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(ids);
        if (ids.Length == 0)
        {
            throw new ArgumentException("Name at least one identity.", nameof(ids));
        }

        foreach (var id in ids)
        {
            // A wildcard that could end inside the trust domain would admit those of others.
            if (id is null
                || !id.StartsWith(Scheme, StringComparison.Ordinal)
                || id.IndexOf('/', Scheme.Length) <= Scheme.Length
                || id.IndexOf('*', StringComparison.Ordinal) is var star && star >= 0 && (star < id.Length - 1 || star < id.IndexOf('/', Scheme.Length)))
            {
                throw new ArgumentException($"\"{id}\" is no SPIFFE id such as spiffe://cluster.local/ns/default/sa/productpage, with or without * at its end.", nameof(ids));
            }
        }

        return policy.AddRequirements(new MeshIdentityRequirement([.. ids]));
    }
}
