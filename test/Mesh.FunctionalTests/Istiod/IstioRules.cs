using Envoy.Config.Rbac.V3;
using Envoy.Type.Matcher.V3;

namespace ProxylessMesh.FunctionalTests.Istiod;

/// <summary>Rules of AuthorizationPolicies in the nested form that pilot/pkg/security/authz/model gives them.</summary>
internal static class IstioRules
{
    /// <param name="account">source.principals, one in full.</param>
    /// <param name="path">to.operation.paths, one; ending in * a prefix. Null: any.</param>
    public static Policy From(string account, string? path = null) => new()
    {
        Permissions = { Permissions(path) },
        Principals =
        {
            And(new Principal
            {
                OrIds = new() { Ids = { new Principal { Authenticated = new() { PrincipalName = new StringMatcher { Exact = $"spiffe://cluster.local/ns/default/sa/{account}" } } } } },
            }),
        },
    };

    /// <summary>From whomever.</summary>
    public static Policy FromAnyone(string path) => new() { Permissions = { Permissions(path) }, Principals = { And(new Principal { Any = true }) } };

    /// <summary>source.namespaces: a pattern over the whole SPIFFE id.</summary>
    public static Policy FromNamespace(string ns) => new()
    {
        Permissions = { Permissions(null) },
        Principals =
        {
            And(new Principal
            {
                OrIds = new() { Ids = { new Principal { Authenticated = new() { PrincipalName = new StringMatcher { SafeRegex = new() { Regex = $".*/ns/{ns}/.*" } } } } } },
            }),
        },
    };

    private static Permission Permissions(string? path) => new()
    {
        AndRules = new()
        {
            Rules =
            {
                path is null
                    ? new Permission { Any = true }
                    : new Permission { OrRules = new() { Rules = { new Permission { UrlPath = new() { Path = Matcher(path) } } } } },
            },
        },
    };

    private static StringMatcher Matcher(string path) => path.EndsWith('*') ? new() { Prefix = path[..^1] } : new() { Exact = path };

    private static Principal And(Principal id) => new() { AndIds = new() { Ids = { id } } };
}
