using System.Text;
using Envoy.Config.Core.V3;
using Envoy.Config.Route.V3;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Resources.Routes;

/// <summary>DirectResponseAction: an inline body of at most max_direct_response_body_size_bytes.</summary>
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
        if (body is not { } bytes)
        {
            return null;
        }

        if ((uint)bytes.Length > maxBody)
        {
            context.Error("body", $"is longer than {maxBody} bytes");
            return null;
        }

        try
        {
            return new DirectResponseActionConfig((int)response.Status, StrictUtf8.GetString(bytes.Span));
        }
        catch (DecoderFallbackException)
        {
            return new DirectResponseActionConfig((int)response.Status, "") { Bytes = bytes.ToArray().ToEquatableArray() };
        }
    }

    private static ReadOnlyMemory<byte>? Body(DataSource? body, DecodeContext context)
    {
        switch (body?.SpecifierCase)
        {
            case null or DataSource.SpecifierOneofCase.None:
                return ReadOnlyMemory<byte>.Empty;
            case DataSource.SpecifierOneofCase.InlineString:
                return Encoding.UTF8.GetBytes(body.InlineString);
            case DataSource.SpecifierOneofCase.InlineBytes:
                return body.InlineBytes.Memory;
            default:
                context.Error("body", $"{body.SpecifierCase} is not supported; inline bodies are");
                return null;
        }
    }
}
