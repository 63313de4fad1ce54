using System.Globalization;
using System.Net;
using System.Text;

namespace ProxylessMesh.Client.Outcomes;

/// <summary>
/// A response that the mesh makes itself, as Envoy does: plain text with the reason, or for gRPC a trailers-only response with
/// the status that the HTTP code maps to (grpc/doc/http-grpc-status-mapping.md).
/// </summary>
internal static class LocalReply
{
    private const string GrpcContentType = "application/grpc";

    public static HttpResponseMessage Create(HttpRequestMessage request, HttpStatusCode status, MeshOutcome outcome)
    {
        var reason = outcome.Reason ?? status.ToString();
        return IsGrpc(request) ? Grpc(request, StatusOf(status, outcome), reason, outcome) : Http(request, status, reason, outcome);
    }

    /// <summary>With a gRPC status; other requests get the HTTP status that it maps to (grpc-gateway's table, which Envoy uses too).</summary>
    public static HttpResponseMessage CreateGrpc(HttpRequestMessage request, int grpcStatus, MeshOutcome outcome)
    {
        var reason = outcome.Reason ?? "";
        return IsGrpc(request)
            ? Grpc(request, grpcStatus.ToString(CultureInfo.InvariantCulture), reason, outcome)
            : Http(request, StatusOf(grpcStatus), reason, outcome);
    }

    /// <summary>With a body of the configuration's; a gRPC caller gets it as the message of the status.</summary>
    public static HttpResponseMessage Create(HttpRequestMessage request, HttpStatusCode status, byte[] body, string? contentType, MeshOutcome outcome) =>
        IsGrpc(request) ? Grpc(request, StatusOf(status), outcome.Reason ?? status.ToString(), outcome) : Http(request, status, body, contentType, outcome);

    public static bool IsGrpc(HttpRequestMessage request) =>
        request.Content is { } content
        && content.Headers.NonValidated.TryGetValues("Content-Type", out var type)
        && type.ToString().StartsWith(GrpcContentType, StringComparison.OrdinalIgnoreCase);

    private static HttpResponseMessage Http(HttpRequestMessage request, HttpStatusCode status, string reason, MeshOutcome outcome) =>
        Http(request, status, Encoding.UTF8.GetBytes(reason), "text/plain; charset=utf-8", outcome);

    private static HttpResponseMessage Http(HttpRequestMessage request, HttpStatusCode status, byte[] body, string? contentType, MeshOutcome outcome) => new(status)
    {
        RequestMessage = request,
        Version = request.Version,
        Content = new LocalReplyContent(body, contentType, outcome),
    };

    private static HttpResponseMessage Grpc(HttpRequestMessage request, string grpcStatus, string reason, MeshOutcome outcome)
    {
        var response = new HttpResponseMessage(HttpStatusCode.OK)
        {
            RequestMessage = request,
            Version = HttpVersion.Version20,
            Content = new LocalReplyContent([], GrpcContentType, outcome),
        };
        response.Headers.TryAddWithoutValidation("grpc-status", grpcStatus);
        response.Headers.TryAddWithoutValidation("grpc-message", Uri.EscapeDataString(reason));
        return response;
    }

    /// <summary>A timeout is DEADLINE_EXCEEDED whoever's clock rang first, the mesh's or the caller's (gRFC A31). Envoy's 504 would be UNAVAILABLE.</summary>
    private static string StatusOf(HttpStatusCode status, MeshOutcome outcome) =>
        outcome.Flags.HasFlag(ResponseFlags.UpstreamRequestTimeout) ? "4" : StatusOf(status);

    private static string StatusOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.BadRequest => "13",
        HttpStatusCode.Unauthorized => "16",
        HttpStatusCode.Forbidden => "7",
        HttpStatusCode.NotFound => "12",
        HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout => "14",
        _ => "2",
    };

    private static HttpStatusCode StatusOf(int grpcStatus) => grpcStatus switch
    {
        0 => HttpStatusCode.OK,
        1 => (HttpStatusCode)499,
        3 or 9 or 11 => HttpStatusCode.BadRequest,
        4 => HttpStatusCode.GatewayTimeout,
        5 => HttpStatusCode.NotFound,
        6 or 10 => HttpStatusCode.Conflict,
        7 => HttpStatusCode.Forbidden,
        8 => HttpStatusCode.TooManyRequests,
        12 => HttpStatusCode.NotImplemented,
        14 => HttpStatusCode.ServiceUnavailable,
        16 => HttpStatusCode.Unauthorized,
        _ => HttpStatusCode.InternalServerError,
    };
}
