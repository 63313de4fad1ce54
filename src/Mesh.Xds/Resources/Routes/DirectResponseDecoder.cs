using System.Text;
using Envoy.Config.Core.V3;
using Envoy.Config.Route.V3;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Resources.Routes;

/// <summary>DirectResponseAction: an inline body of text, of at most max_direct_response_body_size_bytes.</summary>
internal static class DirectResponseDecoder
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    public static DirectResponseActionConfig? Decode(DirectResponseAction response, uint maxBody, DecodeContext context)
    {
        if (response.Status is < 200 or > 599)
        {
            context.Error("status", "must be 200 to 599");
            return null;
        }

        var body = Body(response.Body, context);
        if (body is not null && (uint)Encoding.UTF8.GetByteCount(body) > maxBody)
        {
            context.Error("body", $"is longer than {maxBody} bytes");
        }

        return body is null ? null : new DirectResponseActionConfig((int)response.Status, body);
    }

    private static string? Body(DataSource? body, DecodeContext context)
    {
        switch (body?.SpecifierCase)
        {
            case null or DataSource.SpecifierOneofCase.None:
                return "";
            case DataSource.SpecifierOneofCase.InlineString:
                return body.InlineString;
            case DataSource.SpecifierOneofCase.InlineBytes:
                try
                {
                    return StrictUtf8.GetString(body.InlineBytes.Span);
                }
                catch (DecoderFallbackException)
                {
                    context.Error("body", "inline_bytes must be UTF-8 text");
                    return null;
                }

            default:
                context.Error("body", $"{body.SpecifierCase} is not supported; inline bodies are");
                return null;
        }
    }
}
