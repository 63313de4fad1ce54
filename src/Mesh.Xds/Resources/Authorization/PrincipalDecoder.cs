using Envoy.Config.Rbac.V3;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources.Matching;
using Kind = Envoy.Config.Rbac.V3.Principal.IdentifierOneofCase;

namespace ProxylessMesh.Xds.Resources.Authorization;

/// <summary>Principal: who sends a request.</summary>
internal static class PrincipalDecoder
{
    public static EquatableArray<RbacConditionConfig> DecodeAll(IReadOnlyList<Principal> principals, string field, DecodeContext context) =>
        RbacConditions.DecodeAll(principals, field, Decode, context);

    private static RbacConditionConfig? Decode(Principal principal, DecodeContext context)
    {
        switch (principal.IdentifierCase)
        {
            case Kind.Any:
                return RbacConditions.Any(principal.Any, context);
            case Kind.AndIds:
                return new RbacAllOfConfig(DecodeAll(principal.AndIds.Ids, "and_ids.ids", context));
            case Kind.OrIds:
                return new RbacAnyOfConfig(DecodeAll(principal.OrIds.Ids, "or_ids.ids", context));
            case Kind.NotId:
                return RbacConditions.Not(principal.NotId, "not_id", Decode, context);
            case Kind.Authenticated:
                return Authenticated(principal.Authenticated, context);
            case Kind.SourceIp:
                // Envoy's source_ip is that of the client behind trusted proxies; there are none here, so it is the peer.
                return RbacConditions.Address(RbacAddress.Client, principal.SourceIp, "source_ip", context);
            case Kind.DirectRemoteIp:
                return RbacConditions.Address(RbacAddress.Peer, principal.DirectRemoteIp, "direct_remote_ip", context);
            case Kind.RemoteIp:
                return RbacConditions.Address(RbacAddress.Client, principal.RemoteIp, "remote_ip", context);
            case Kind.Header:
                return RbacConditions.Header(principal.Header, context);
            case Kind.UrlPath:
                return RbacConditions.Path(principal.UrlPath, context);
            case Kind.Metadata:
                return MetadataMatcherDecoder.Decode(principal.Metadata, "metadata", context);
            case Kind.SourcedMetadata:
                return MetadataMatcherDecoder.Decode(principal.SourcedMetadata, context);
            default:
                context.Error($"identifier {principal.IdentifierCase} is missing or of a kind that is not supported");
                return null;
        }
    }

    private static RbacAuthenticatedConfig? Authenticated(Principal.Types.Authenticated authenticated, DecodeContext context)
    {
        if (authenticated.PrincipalName is null)
        {
            return new RbacAuthenticatedConfig(null);
        }

        using (context.Enter("authenticated"))
        {
            return StringMatcherDecoder.Decode(authenticated.PrincipalName, "principal_name", context) is { } name ? new RbacAuthenticatedConfig(name) : null;
        }
    }
}
