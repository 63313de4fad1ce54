using Envoy.Config.Core.V3;
using Envoy.Extensions.RateLimitDescriptors.Expr.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources.Matching;
using Action = Envoy.Config.Route.V3.RateLimit.Types.Action;
using Kind = Envoy.Config.Route.V3.RateLimit.Types.Action.ActionSpecifierOneofCase;

namespace ProxylessMesh.Xds.Resources.RateLimits;

/// <summary>RateLimit.Action (route_components.proto). What depends on routes or on other filters' metadata is refused.</summary>
internal static class DescriptorActionDecoder
{
    public static DescriptorActionConfig? Decode(Action action, DecodeContext context)
    {
        switch (action.ActionSpecifierCase)
        {
            case Kind.GenericKey:
                context.Refuse(action.GenericKey.DefaultValue.Length > 0, "generic_key.default_value");
                return new GenericKeyActionConfig(
                    KeyOr(action.GenericKey.DescriptorKey, "generic_key"), Required(action.GenericKey.DescriptorValue, "generic_key.descriptor_value", context));
            case Kind.RequestHeaders:
                return new HeaderActionConfig(
                    Required(action.RequestHeaders.DescriptorKey, "request_headers.descriptor_key", context),
                    Required(action.RequestHeaders.HeaderName, "request_headers.header_name", context).ToLowerInvariant(),
                    action.RequestHeaders.SkipIfAbsent);
            case Kind.RemoteAddress:
                return new RemoteAddressActionConfig("remote_address");
            case Kind.MaskedRemoteAddress:
                return new RemoteAddressActionConfig(
                    "masked_remote_address",
                    Bits(action.MaskedRemoteAddress.V4PrefixMaskLen, 32, "masked_remote_address.v4_prefix_mask_len", context),
                    Bits(action.MaskedRemoteAddress.V6PrefixMaskLen, 128, "masked_remote_address.v6_prefix_mask_len", context))
                {
                    IsNetwork = true,
                };
            case Kind.HeaderValueMatch:
                return HeaderMatch(action.HeaderValueMatch, context);
            case Kind.Extension:
                return Extension(action.Extension, context);
            default:
                context.Error("action_specifier", "is missing or of a kind that is not supported");
                return null;
        }
    }

    private static HeaderMatchActionConfig HeaderMatch(Action.Types.HeaderValueMatch match, DecodeContext context)
    {
        using (context.Enter("header_value_match"))
        {
            context.Refuse(match.DefaultValue.Length > 0, "default_value");
            if (match.Headers.Count == 0)
            {
                context.Error("headers", "must not be empty");
            }

            var headers = new List<HeaderMatchConfig>(match.Headers.Count);
            for (var i = 0; i < match.Headers.Count; i++)
            {
                using (context.Enter("headers", i))
                {
                    if (HeaderMatcherDecoder.Decode(match.Headers[i], context) is { } header)
                    {
                        headers.Add(header);
                    }
                }
            }

            return new HeaderMatchActionConfig(
                KeyOr(match.DescriptorKey, "header_match"), Required(match.DescriptorValue, "descriptor_value", context), match.ExpectMatch ?? true, headers.ToEquatableArray());
        }
    }

    private static PeerActionConfig? Extension(TypedExtensionConfig extension, DecodeContext context)
    {
        using (context.Enter("extension"))
        {
            if (extension.TypedConfig is not { } config || Any.GetTypeName(config.TypeUrl) != PeerExpression.TypeName)
            {
                context.Error("typed_config", $"must have type {PeerExpression.TypeName}");
                return null;
            }

            if (WireReader.Read(config.Value, DescriptorExpression.Parser, context) is not { } expression)
            {
                return null;
            }

            var key = Required(expression.DescriptorKey, "typed_config.descriptor_key", context);
            switch (expression.Text)
            {
                case PeerExpression.Id:
                    return new PeerActionConfig(key, null, expression.SkipIfError);
                case PeerExpression.IdOrNone:
                    return new PeerActionConfig(key, PeerExpression.None, SkipIfAbsent: false);
                default:
                    context.Error("typed_config.text", $"{DecodeContext.Quote(expression.Text)} is not supported: of expressions, only {PeerExpression.Id}");
                    return null;
            }
        }
    }

    private static string KeyOr(string key, string fallback) => key.Length == 0 ? fallback : key;

    private static string Required(string text, string field, DecodeContext context)
    {
        if (text.Length == 0)
        {
            context.Error(field, "must not be empty");
        }

        return text;
    }

    private static int Bits(uint? bits, int all, string field, DecodeContext context)
    {
        if (bits > all)
        {
            context.Error(field, $"must be at most {all}");
        }

        return (int)Math.Min(bits ?? (uint)all, (uint)all);
    }
}
