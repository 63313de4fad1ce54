using System.Text;
using Envoy.Config.Core.V3;
using Google.Protobuf.Collections;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Routing;
using AppendAction = Envoy.Config.Core.V3.HeaderValueOption.Types.HeaderAppendAction;

namespace ProxylessMesh.Xds.Resources.Routes;

/// <summary>
/// request/response_headers_to_add/remove of one level: removals first, then what replaces, then what adds (Envoy,
/// "Custom request/response headers").
/// </summary>
internal static class HeaderMutationDecoder
{
    public static HeaderMutationsConfig Decode(
        RepeatedField<HeaderValueOption> requestAdd,
        RepeatedField<string> requestRemove,
        RepeatedField<HeaderValueOption> responseAdd,
        RepeatedField<string> responseRemove,
        DecodeContext context)
    {
        var request = Decode(requestAdd, requestRemove, "request_headers_to_add", "request_headers_to_remove", context);
        var response = Decode(responseAdd, responseRemove, "response_headers_to_add", "response_headers_to_remove", context);
        return request.Count == 0 && response.Count == 0 ? HeaderMutationsConfig.None : new HeaderMutationsConfig(request, response);
    }

    /// <summary>A filter's list of headers.</summary>
    public static EquatableArray<HeaderMutationConfig> DecodeOptions(RepeatedField<HeaderValueOption> options, string field, DecodeContext context) =>
        Decode(options, [], field, "", context);

    private static EquatableArray<HeaderMutationConfig> Decode(
        RepeatedField<HeaderValueOption> toAdd, RepeatedField<string> toRemove, string addField, string removeField, DecodeContext context)
    {
        if (toAdd.Count == 0 && toRemove.Count == 0)
        {
            return [];
        }

        var removed = new List<HeaderMutationConfig>(toRemove.Count);
        for (var i = 0; i < toRemove.Count; i++)
        {
            using (context.Enter(removeField, i))
            {
                if (Name(toRemove[i], context) is { } name)
                {
                    removed.Add(new HeaderMutationConfig(HeaderMutationKind.Remove, name));
                }
            }
        }

        var replaced = new List<HeaderMutationConfig>();
        var added = new List<HeaderMutationConfig>();
        for (var i = 0; i < toAdd.Count; i++)
        {
            using (context.Enter(addField, i))
            {
                if (Option(toAdd[i], context) is { } change)
                {
                    (change.Kind is HeaderMutationKind.Set or HeaderMutationKind.SetIfPresent ? replaced : added).Add(change);
                }
            }
        }

        return [.. removed, .. replaced, .. added];
    }

    private static HeaderMutationConfig? Option(HeaderValueOption option, DecodeContext context)
    {
        if (option.Header is null)
        {
            context.Error("header", "is missing");
            return null;
        }

        if (option is { Append: not null, AppendAction: not AppendAction.AppendIfExistsOrAdd })
        {
            context.Error("append", "must not stand beside append_action");
            return null;
        }

        var name = Name(option.Header.Key, context);
        var value = Value(option.Header, context);

        // base.proto, keep_empty_value: a header that comes out empty is not added otherwise.
        if (name is null || value is null || (value.Length == 0 && !option.KeepEmptyValue))
        {
            return null;
        }

        switch (option.AppendAction)
        {
            case AppendAction.AppendIfExistsOrAdd:
                return new(option.Append == false ? HeaderMutationKind.Set : HeaderMutationKind.Append, name, value);
            case AppendAction.AddIfAbsent:
                return new(HeaderMutationKind.AddIfAbsent, name, value);
            case AppendAction.OverwriteIfExistsOrAdd:
                return new(HeaderMutationKind.Set, name, value);
            case AppendAction.OverwriteIfExists:
                return new(HeaderMutationKind.SetIfPresent, name, value);
            default:
                context.Error("append_action", "is not known");
                return null;
        }
    }

    /// <summary>The messages' framing is not to be changed from configuration: Envoy, too, refuses pseudo headers and host.</summary>
    private static string? Name(string name, DecodeContext context)
    {
        var lower = name.ToLowerInvariant();
        if (!MessageRules.IsChangeableHeader(lower))
        {
            context.Error($"{DecodeContext.Quote(name)} is no header that can be changed");
            return null;
        }

        return lower;
    }

    private static string? Value(HeaderValue header, DecodeContext context)
    {
        if (header.Value.Length > 0 && header.RawValue.Length > 0)
        {
            context.Error("header.raw_value", "must not stand beside value");
            return null;
        }

        var value = header.RawValue.Length > 0 ? Encoding.Latin1.GetString(header.RawValue.Span) : header.Value;
        if (!MessageRules.IsHeaderValue(value))
        {
            context.Error("header.value", "holds a character that a header cannot carry");
            return null;
        }

        if (MessageRules.HasOperator(value))
        {
            context.Error("header.value", $"{DecodeContext.Quote(value)} has an operator; they are not supported (%% is a percent sign)");
            return null;
        }

        return value.Replace("%%", "%", StringComparison.Ordinal);
    }
}
