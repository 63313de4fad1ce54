using Envoy.Config.Rbac.V3;
using Envoy.Type.Matcher.V3;
using ProxylessMesh.ControlPlane.Model;

namespace ProxylessMesh.ControlPlane.Translation.Authorization;

/// <summary>The caller's certificate: <c>spiffe://TRUST-DOMAIN/ns/NAMESPACE/sa/ACCOUNT</c>.</summary>
internal static class IdentityMatchers
{
    private const string Scheme = "spiffe://";

    /// <summary>Istio's name for whatever the mesh's trust domain is.</summary>
    private const string OwnTrustDomain = "cluster.local";

    /// <summary>A principal of the mesh's trust domain holds for its aliases too (Istio, "Trust domain migration").</summary>
    public static IEnumerable<Principal> Principal(string principal, MeshSettings settings)
    {
        if (principal.Split('/') is not [var domain, "ns", _, "sa", _] || domain.Contains('*', StringComparison.Ordinal) || !IsOwn(domain, settings))
        {
            return [Authenticated(ValueMatchers.Text(principal, Scheme))];
        }

        return settings.TrustDomainAliases
            .Prepend(settings.TrustDomain)
            .Append(domain)
            .Distinct(StringComparer.Ordinal)
            .Select(name => Authenticated(ValueMatchers.Text(name + principal[domain.Length..], Scheme)));
    }

    public static Principal Namespace(string name) =>
        Authenticated(ValueMatchers.Pattern($"{Scheme}[^/]+/ns/{ValueMatchers.QuoteWildcards(name)}/.+"));

    public static Principal ServiceAccount(string account, string ownNamespace)
    {
        var (name, sa) = account.Split('/') is [var given, var of] ? (given, of) : (ownNamespace, account);
        return Authenticated(ValueMatchers.Pattern($"{Scheme}[^/]+/ns/{ValueMatchers.Quote(name)}/sa/{ValueMatchers.Quote(sa)}"));
    }

    public static Principal TrustDomain(string domain) =>
        Authenticated(ValueMatchers.Pattern($"{Scheme}{(domain == "*" ? "[^/]+" : ValueMatchers.QuoteWildcards(domain))}/.+"));

    private static bool IsOwn(string domain, MeshSettings settings) =>
        domain == settings.TrustDomain || domain == OwnTrustDomain || settings.TrustDomainAliases.Contains(domain);

    private static Principal Authenticated(StringMatcher name) => new() { Authenticated = new Principal.Types.Authenticated { PrincipalName = name } };
}
