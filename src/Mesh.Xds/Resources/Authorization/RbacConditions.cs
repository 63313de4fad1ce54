using System.Net;
using Envoy.Config.Core.V3;
using Envoy.Config.Route.V3;
using Envoy.Type.Matcher.V3;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources.Matching;

namespace ProxylessMesh.Xds.Resources.Authorization;

/// <summary>What permissions and principals have in common.</summary>
internal static class RbacConditions
{
    /// <summary>Every item; an empty list could match nothing or everything and is refused (rbac.proto: at least one).</summary>
    public static EquatableArray<RbacConditionConfig> DecodeAll<T>(
        IReadOnlyList<T> items, string field, Func<T, DecodeContext, RbacConditionConfig?> decode, DecodeContext context)
    {
        if (items.Count == 0)
        {
            context.Error(field, "must not be empty");
        }

        var decoded = new List<RbacConditionConfig>(items.Count);
        for (var i = 0; i < items.Count; i++)
        {
            using (context.Enter(field, i))
            {
                if (decode(items[i], context) is { } condition)
                {
                    decoded.Add(condition);
                }
            }
        }

        return decoded.ToEquatableArray();
    }

    public static RbacAnyConfig? Any(bool any, DecodeContext context)
    {
        if (!any)
        {
            context.Error("any", "must be true");
        }

        return any ? new RbacAnyConfig() : null;
    }

    public static RbacNotConfig? Not<T>(T item, string field, Func<T, DecodeContext, RbacConditionConfig?> decode, DecodeContext context)
    {
        using (context.Enter(field))
        {
            return decode(item, context) is { } condition ? new RbacNotConfig(condition) : null;
        }
    }

    /// <summary>gRFC A41: no rule can look at the scheme or at headers that are gRPC's own.</summary>
    public static RbacHeaderConfig? Header(HeaderMatcher matcher, DecodeContext context)
    {
        using (context.Enter("header"))
        {
            if (HeaderMatcherDecoder.Decode(matcher, context) is not { } header)
            {
                return null;
            }

            if (header.Name is ":scheme" || header.Name.StartsWith("grpc-", StringComparison.Ordinal))
            {
                context.Error("name", $"{DecodeContext.Quote(header.Name)} cannot be matched");
            }

            return new RbacHeaderConfig(header);
        }
    }

    public static RbacPathConfig? Path(PathMatcher matcher, DecodeContext context)
    {
        using (context.Enter("url_path"))
        {
            return StringMatcherDecoder.Decode(matcher.Path, "path", context) is { } path ? new RbacPathConfig(path) : null;
        }
    }

    public static RbacServerNameConfig? ServerName(StringMatcher matcher, DecodeContext context) =>
        StringMatcherDecoder.Decode(matcher, "requested_server_name", context) is { } name ? new RbacServerNameConfig(name) : null;

    public static RbacAddressConfig? Address(RbacAddress whose, CidrRange range, string field, DecodeContext context)
    {
        using (context.Enter(field))
        {
            if (!IPAddress.TryParse(range.AddressPrefix, out var prefix))
            {
                context.Error("address_prefix", $"{DecodeContext.Quote(range.AddressPrefix)} is no IP address");
                return null;
            }

            // No length is 0 (address.proto, CidrRange); one too long counts as the whole address, as in Envoy.
            var bits = prefix.GetAddressBytes().Length * 8;
            return new RbacAddressConfig(whose, CidrConfig.Of(prefix, (int)Math.Min(range.PrefixLen ?? 0, (uint)bits)));
        }
    }
}
