using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>AuthorizationPolicy (security.istio.io).</summary>
internal static class AuthorizationPolicyReader
{
    private const string DryRunAnnotation = "istio.io/dry-run";

    private static readonly EnumNames<AuthorizationAction> Actions = new(
        ("ALLOW", AuthorizationAction.Allow),
        ("DENY", AuthorizationAction.Deny),
        ("AUDIT", AuthorizationAction.Audit),
        ("CUSTOM", AuthorizationAction.Custom));

    public static MeshObject? Read(ObjectMeta meta, YamlObject spec)
    {
        var selector = EquatableMap.Empty;
        if (spec.Object("selector") is { } item)
        {
            selector = item.Labels("matchLabels");
            item.Close(KnownFields.None);
        }

        var action = spec.Enum("action", Actions, AuthorizationAction.Allow);
        var provider = Provider(spec, action);
        var rules = spec.Objects("rules").Select(rule => AuthorizationRuleReader.Read(rule, meta.Id.Namespace)).ToEquatableArray();
        if (action != AuthorizationAction.Allow && rules.Count == 0)
        {
            spec.Problems.Warning(spec.PositionOf("rules"), ProblemCodes.IneffectiveAuthorization, $"spec.rules is missing: without rules, {action.ToString().ToUpperInvariant()} never does anything", "rules: [{}] matches every request");
        }

        PolicyTargetReader.Refuse(spec);
        spec.Close(KnownFields.None);
        return new AuthorizationPolicy(meta, selector, action, provider, rules, DryRun(meta, spec, action));
    }

    private static string? Provider(YamlObject spec, AuthorizationAction action)
    {
        string? name = null;
        if (spec.Object("provider") is { } provider)
        {
            name = provider.RequiredString("name");
            provider.Close(KnownFields.None);
        }

        if (action == AuthorizationAction.Custom != spec.Has("provider"))
        {
            spec.Problems.Error(spec.PositionOf("provider"), ProblemCodes.Conflict, "spec.provider belongs to action CUSTOM, which needs it");
        }

        return name;
    }

    private static bool DryRun(ObjectMeta meta, YamlObject spec, AuthorizationAction action)
    {
        var text = meta.Annotations.Find(DryRunAnnotation);
        if (text is not (null or "true" or "false"))
        {
            spec.Problems.Error(meta.Position, ProblemCodes.InvalidValue, $"metadata.annotations.{DryRunAnnotation} {Quoted.Of(text)} is neither \"true\" nor \"false\"");
        }

        var dry = text == "true";
        if (dry && action is not (AuthorizationAction.Allow or AuthorizationAction.Deny))
        {
            spec.Problems.Error(meta.Position, ProblemCodes.Conflict, $"annotation {DryRunAnnotation} is for ALLOW and DENY alone");
        }

        return dry;
    }
}
