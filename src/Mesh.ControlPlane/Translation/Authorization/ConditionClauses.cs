using System.Diagnostics;
using Envoy.Config.Rbac.V3;
using Envoy.Config.Route.V3;
using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Translation.Authorization;

/// <summary>rules[].when[] (istio.io, "Authorization Policy Conditions").</summary>
internal static class ConditionClauses
{
    public static void AddPermissions(ClauseList<Permission> all, AuthorizationCondition condition)
    {
        var values = condition.Values;
        switch (condition.Key)
        {
            case "destination.ip":
                all.Add(values, (block, _) => [new Permission { DestinationIp = ValueMatchers.Range(block) }]);
                break;
            case "destination.port":
                all.Add(values, (port, _) => [OperationClauses.Port(port)]);
                break;
            case "connection.sni" when all.Context.Profile == ProxyProfile.Grpc:
                all.AddUnknown();
                break;
            case "connection.sni":
                all.Add(values, (name, _) => [new Permission { RequestedServerName = ValueMatchers.Text(name) }]);
                break;
        }
    }

    public static void AddPrincipals(ClauseList<Principal> all, AuthorizationCondition condition)
    {
        var values = condition.Values;
        var context = all.Context;
        switch (condition.Key)
        {
            case "destination.ip" or "destination.port" or "connection.sni":
                break;
            case "source.ip":
                all.Add(values, block => [new Principal { DirectRemoteIp = ValueMatchers.Range(block) }]);
                break;
            case "remote.ip":
                all.Add(values, block => [new Principal { RemoteIp = ValueMatchers.Range(block) }]);
                break;
            case "source.principal":
                all.Add(values, principal => IdentityMatchers.Principal(principal, context.Settings));
                break;
            case "source.namespace":
                all.Add(values, name => [IdentityMatchers.Namespace(name)]);
                break;
            case "source.serviceAccount":
                all.Add(values, account => [IdentityMatchers.ServiceAccount(account, context.Namespace)]);
                break;
            case "source.trustDomain":
                all.Add(values, domain => [IdentityMatchers.TrustDomain(domain)]);
                break;
            case "request.auth.principal":
                TokenMatchers.AddPrincipal(all, values);
                break;
            case "request.auth.audiences":
                TokenMatchers.AddClaim(all, ["aud"], values);
                break;
            case "request.auth.presenter":
                TokenMatchers.AddClaim(all, ["azp"], values);
                break;
            case var key when context.IsTcp && AuthorizationKeys.HeaderOf(key) is not null:
                all.AddUnknown();
                break;
            case var key when AuthorizationKeys.HeaderOf(key) is { } header:
                all.Add(values, value => [new Principal { Header = Header(header, value, context.Profile) }]);
                break;
            case var key when AuthorizationKeys.ClaimOf(key) is { } claim:
                TokenMatchers.AddClaim(all, claim, values);
                break;
            default:
                throw new UnreachableException($"The reader lets through the key {condition.Key}.");
        }
    }

    private static HeaderMatcher Header(string name, string value, ProxyProfile profile) => value == "*"
        ? new HeaderMatcher { Name = name.ToLowerInvariant(), PresentMatch = true }
        : ValueMatchers.Header(name.ToLowerInvariant(), ValueMatchers.Text(value), profile);
}
