using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.Server.Authorization.Indexing;

/// <summary>Reads from a policy what an attribute must be for it to match: one of some keys, or null where it can be anything.</summary>
internal static class PolicyKeys
{
    /// <summary>The path.</summary>
    public static PolicyKey[]? OfPath(RbacConditionConfig condition) => condition switch
    {
        RbacPathConfig path => Of(path.Path, CanonicalPath.Of(path.Path.Value)),
        RbacPathTemplateConfig template => [new PolicyKey(PathTemplate.Create(template.Template).Prefix, IsPrefix: true)],
        _ => null,
    };

    /// <summary>The peer's SPIFFE id; without TLS there is none, and no such condition matches.</summary>
    public static PolicyKey[]? OfPrincipal(RbacConditionConfig condition) =>
        condition is RbacAuthenticatedConfig { Name: { } name } ? Of(name, name.Value) : null;

    public static PolicyKey[]? OfMethod(RbacConditionConfig condition) =>
        condition is RbacHeaderConfig { Header: { Name: ":method", Value: { } value, Invert: false } } ? Of(value, value.Value) : null;

    /// <summary>Of a policy: a permission and a principal must hold, so the keys of either will do.</summary>
    public static PolicyKey[]? Of(RbacPolicyConfig policy, Func<RbacConditionConfig, PolicyKey[]?> leaf) =>
        Fewer(AnyOf(policy.Permissions, leaf), AnyOf(policy.Principals, leaf));

    private static PolicyKey[]? Of(RbacConditionConfig condition, Func<RbacConditionConfig, PolicyKey[]?> leaf)
    {
        switch (condition)
        {
            case RbacAllOfConfig all:
                PolicyKey[]? fewest = null;
                foreach (var item in all.Items)
                {
                    fewest = Fewer(fewest, Of(item, leaf));
                }

                return fewest;
            case RbacAnyOfConfig any:
                return AnyOf(any.Items, leaf);
            default:
                return leaf(condition);
        }
    }

    private static PolicyKey[]? AnyOf(EquatableArray<RbacConditionConfig> items, Func<RbacConditionConfig, PolicyKey[]?> leaf)
    {
        var keys = new List<PolicyKey>();
        foreach (var item in items)
        {
            if (Of(item, leaf) is not { } some)
            {
                return null;
            }

            keys.AddRange(some);
        }

        return [.. keys];
    }

    private static PolicyKey[]? Fewer(PolicyKey[]? a, PolicyKey[]? b) => a is null || (b is not null && b.Length < a.Length) ? b : a;

    // Letter case beyond ASCII, where the index and the matcher may differ, is left to the matcher.
    private static PolicyKey[]? Of(StringMatchConfig match, string text) => match.Kind switch
    {
        _ when !System.Text.Ascii.IsValid(text) => null,
        StringMatchKind.Exact => [new PolicyKey(text, IsPrefix: false)],
        StringMatchKind.Prefix => [new PolicyKey(text, IsPrefix: true)],
        _ => null,
    };
}
