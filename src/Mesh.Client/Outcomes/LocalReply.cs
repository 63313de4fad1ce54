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
        return IsGrpc(request)
            ? Grpc(request, status, reason, outcome)
            : Http(request, status, Encoding.UTF8.GetBytes(reason), "text/plain; charset=utf-8", outcome);
    }

    /// <summary>With a body of the configuration's; a gRPC caller gets it as the message of the status.</summary>
    public static HttpResponseMessage Create(HttpRequestMessage request, HttpStatusCode status, byte[] body, string? contentType, MeshOutcome outcome) =>
        IsGrpc(request) ? Grpc(request, status, outcome.Reason ?? status.ToString(), outcome) : Http(request, status, body, contentType, outcome);

    public static bool IsGrpc(HttpRequestMessage request) =>
        request.Content is { } content
        && content.Headers.NonValidated.TryGetValues("Content-Type", out var type)
        && type.ToString().StartsWith(GrpcContentType, StringComparison.OrdinalIgnoreCase);

    private static HttpResponseMessage Http(HttpRequestMessage request, HttpStatusCode status, byte[] body, string? contentType, MeshOutcome outcome) => new(status)
    {
        RequestMessage = request,
        Version = request.Version,
        Content = new LocalReplyContent(body, contentType, outcome),
    };

    private static HttpResponseMessage Grpc(HttpRequestMessage request, HttpStatusCode status, string reason, MeshOutcome outcome)
    {
        var response = new HttpResponseMessage(HttpStatusCode.OK)
        {
            RequestMessage = request,
            Version = HttpVersion.Version20,
            Content = new LocalReplyContent([], GrpcContentType, outcome),
        };
        response.Headers.TryAddWithoutValidation("grpc-status", StatusOf(status));
        response.Headers.TryAddWithoutValidation("grpc-message", Uri.EscapeDataString(reason));
        return response;
    }

    private static string StatusOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.BadRequest => "13",
        HttpStatusCode.Unauthorized => "16",
        HttpStatusCode.Forbidden => "7",
        HttpStatusCode.NotFound => "12",
        HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout => "14",
        _ => "2",
    };
}
