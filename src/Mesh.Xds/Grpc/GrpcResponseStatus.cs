using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace ProxylessMesh.Xds.Grpc;

/// <summary>Reads how a call ended out of an HTTP response (grpc/doc/PROTOCOL-HTTP2.md, Responses).</summary>
internal static class GrpcResponseStatus
{
    /// <summary>
    /// At the headers: null when messages may follow; a status when the answer is trailers-only, or not gRPC at all.
    /// A grpc-status counts more than the HTTP status.
    /// </summary>
    public static (GrpcStatusCode Code, string Text)? AtHeaders(HttpResponseMessage response)
    {
        if (Find(response.Headers) is { } status)
        {
            return status;
        }

        if (response.StatusCode != HttpStatusCode.OK)
        {
            return (FromHttp(response.StatusCode), $"the server answered HTTP {(int)response.StatusCode}");
        }

        var contentType = response.Content.Headers.TryGetValues("content-type", out var values) ? string.Join(',', values) : "none";
        return GrpcContentType.IsGrpc(contentType) ? null : (GrpcStatusCode.Unknown, $"the server answered with content-type {contentType}");
    }

    /// <summary>After the body's end.</summary>
    public static (GrpcStatusCode Code, string Text) AtEnd(HttpResponseMessage response) =>
        Find(response.TrailingHeaders) ?? (GrpcStatusCode.Unknown, "the response ended without a grpc-status");

    private static (GrpcStatusCode Code, string Text)? Find(HttpResponseHeaders headers)
    {
        if (!headers.NonValidated.TryGetValues("grpc-status", out var codes))
        {
            return null;
        }

        var text = headers.NonValidated.TryGetValues("grpc-message", out var messages) ? GrpcStatusText.Decode(messages.ToString()) : "";
        return int.TryParse(codes.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var code) && code <= (int)GrpcStatusCode.Unauthenticated
            ? ((GrpcStatusCode)code, text)
            : (GrpcStatusCode.Unknown, $"the server sent the unknown grpc-status {codes}: {text}");
    }

    /// <summary>grpc/doc/http-grpc-status-mapping.md.</summary>
    private static GrpcStatusCode FromHttp(HttpStatusCode status) => status switch
    {
        HttpStatusCode.BadRequest => GrpcStatusCode.Internal,
        HttpStatusCode.Unauthorized => GrpcStatusCode.Unauthenticated,
        HttpStatusCode.Forbidden => GrpcStatusCode.PermissionDenied,
        HttpStatusCode.NotFound => GrpcStatusCode.Unimplemented,
        HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout
            => GrpcStatusCode.Unavailable,
        _ => GrpcStatusCode.Unknown,
    };
}
