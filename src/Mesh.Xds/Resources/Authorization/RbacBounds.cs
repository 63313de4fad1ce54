using System.Collections;
using Envoy.Config.Rbac.V3;
using Envoy.Type.Matcher.V3;
using Google.Protobuf;

namespace ProxylessMesh.Xds.Resources.Authorization;

/// <summary>
/// How deep and how many the conditions of one set of rules may be. Checked before anything is decoded or compiled, both of
/// which go as deep as the rules do.
/// </summary>
internal sealed class RbacBounds
{
    /// <summary>Of and, or, not and lists within each other. Istio's rules need 6.</summary>
    public const int MaxDepth = 32;

    /// <summary>Permissions, principals and value matchers together. Each request could meet them all.</summary>
    public const int MaxConditions = 100_000;

    private int _count;
    private bool _tooDeep;

    public static bool Hold(RBAC rules, DecodeContext context)
    {
        var bounds = new RbacBounds();
        foreach (var policy in rules.Policies.Values)
        {
            bounds.CountAll((IList)policy.Permissions, depth: 1);
            bounds.CountAll((IList)policy.Principals, depth: 1);
        }

        if (bounds._tooDeep)
        {
            context.Error("policies", $"are nested deeper than {MaxDepth}");
        }
        else if (bounds._count > MaxConditions)
        {
            context.Error("policies", $"have more than {MaxConditions} conditions");
        }

        return !bounds._tooDeep && bounds._count <= MaxConditions;
    }

    private void CountAll(IList conditions, int depth)
    {
        for (var i = 0; i < conditions.Count && !_tooDeep && _count <= MaxConditions; i++)
        {
            Count((IMessage?)conditions[i], depth);
        }
    }

    private void Count(IMessage? condition, int depth)
    {
        _count++;
        if (depth > MaxDepth)
        {
            _tooDeep = true;
            return;
        }

        switch (condition)
        {
            case Permission permission:
                Count(permission, depth + 1);
                break;
            case Principal principal:
                Count(principal, depth + 1);
                break;
            case ValueMatcher value:
                Count(value, depth + 1);
                break;
        }
    }

    private void Count(Permission permission, int depth)
    {
        switch (permission.RuleCase)
        {
            case Permission.RuleOneofCase.AndRules:
                CountAll(permission.AndRules.Rules, depth);
                break;
            case Permission.RuleOneofCase.OrRules:
                CountAll(permission.OrRules.Rules, depth);
                break;
            case Permission.RuleOneofCase.NotRule:
                Count((IMessage)permission.NotRule, depth);
                break;
            case Permission.RuleOneofCase.Metadata:
                Count((IMessage?)permission.Metadata.Value, depth);
                break;
            case Permission.RuleOneofCase.SourcedMetadata:
                Count((IMessage?)permission.SourcedMetadata.MetadataMatcher?.Value, depth);
                break;
        }
    }

    private void Count(Principal principal, int depth)
    {
        switch (principal.IdentifierCase)
        {
            case Principal.IdentifierOneofCase.AndIds:
                CountAll(principal.AndIds.Ids, depth);
                break;
            case Principal.IdentifierOneofCase.OrIds:
                CountAll(principal.OrIds.Ids, depth);
                break;
            case Principal.IdentifierOneofCase.NotId:
                Count((IMessage)principal.NotId, depth);
                break;
            case Principal.IdentifierOneofCase.Metadata:
                Count((IMessage?)principal.Metadata.Value, depth);
                break;
            case Principal.IdentifierOneofCase.SourcedMetadata:
                Count((IMessage?)principal.SourcedMetadata.MetadataMatcher?.Value, depth);
                break;
        }
    }

    private void Count(ValueMatcher value, int depth)
    {
        switch (value.MatchPatternCase)
        {
            case ValueMatcher.MatchPatternOneofCase.ListMatch:
                Count((IMessage?)value.ListMatch.OneOf, depth);
                break;
            case ValueMatcher.MatchPatternOneofCase.OrMatch:
                CountAll(value.OrMatch.ValueMatchers, depth);
                break;
        }
    }
}
