using Envoy.Config.Rbac.V3;
using ProxylessMesh.Xds.Config;
using Kind = Envoy.Config.Rbac.V3.Permission.RuleOneofCase;

namespace ProxylessMesh.Xds.Resources.Authorization;

/// <summary>Permission: what a request does.</summary>
internal static class PermissionDecoder
{
    public static EquatableArray<RbacConditionConfig> DecodeAll(IReadOnlyList<Permission> permissions, string field, DecodeContext context) =>
        RbacConditions.DecodeAll(permissions, field, Decode, context);

    private static RbacConditionConfig? Decode(Permission permission, DecodeContext context)
    {
        switch (permission.RuleCase)
        {
            case Kind.Any:
                return RbacConditions.Any(permission.Any, context);
            case Kind.AndRules:
                return new RbacAllOfConfig(DecodeAll(permission.AndRules.Rules, "and_rules.rules", context));
            case Kind.OrRules:
                return new RbacAnyOfConfig(DecodeAll(permission.OrRules.Rules, "or_rules.rules", context));
            case Kind.NotRule:
                return RbacConditions.Not(permission.NotRule, "not_rule", Decode, context);
            case Kind.Header:
                return RbacConditions.Header(permission.Header, context);
            case Kind.UrlPath:
                return RbacConditions.Path(permission.UrlPath, context);
            case Kind.UriTemplate:
                return PathTemplateDecoder.Decode(permission.UriTemplate, context);
            case Kind.DestinationIp:
                return RbacConditions.Address(RbacAddress.Destination, permission.DestinationIp, "destination_ip", context);
            case Kind.DestinationPort:
                return Port(permission.DestinationPort, context);
            case Kind.DestinationPortRange:
                return new RbacPortConfig(permission.DestinationPortRange.Start, permission.DestinationPortRange.End);
            case Kind.RequestedServerName:
                return RbacConditions.ServerName(permission.RequestedServerName, context);
            case Kind.Metadata:
                return MetadataMatcherDecoder.Decode(permission.Metadata, "metadata", context);
            case Kind.SourcedMetadata:
                return MetadataMatcherDecoder.Decode(permission.SourcedMetadata, context);
            default:
                context.Error($"rule {permission.RuleCase} is missing or of a kind that is not supported");
                return null;
        }
    }

    private static RbacPortConfig? Port(uint port, DecodeContext context)
    {
        if (port > ushort.MaxValue)
        {
            context.Error("destination_port", "must be at most 65535");
            return null;
        }

        return new RbacPortConfig((int)port, (int)port + 1);
    }
}
