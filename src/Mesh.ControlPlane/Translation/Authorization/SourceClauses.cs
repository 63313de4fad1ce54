using Envoy.Config.Rbac.V3;
using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Translation.Authorization;

/// <summary>rules[].from[].source.</summary>
internal static class SourceClauses
{
    public static void Add(ClauseList<Principal> all, AuthorizationSource source)
    {
        var context = all.Context;
        all.Add(source.Principals, principal => IdentityMatchers.Principal(principal, context.Settings));
        all.Add(source.Namespaces, name => [IdentityMatchers.Namespace(name)]);
        all.Add(source.ServiceAccounts, account => [IdentityMatchers.ServiceAccount(account, context.Namespace)]);
        all.Add(source.TrustDomains, domain => [IdentityMatchers.TrustDomain(domain)]);
        all.Add(source.IpBlocks, block => [new Principal { DirectRemoteIp = ValueMatchers.Range(block) }]);
        all.Add(source.RemoteIpBlocks, block => [new Principal { RemoteIp = ValueMatchers.Range(block) }]);
        TokenMatchers.AddPrincipal(all, source.RequestPrincipals);
    }
}
