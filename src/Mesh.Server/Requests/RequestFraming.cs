using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using ProxylessMesh.Server.Filters;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.Server.Requests;

/// <summary>
/// Refuses requests that two servers could cut apart at different places, or that would be others once written down as HTTP/1.1.
/// Kestrel reads them in one way, which is enough for an app that answers itself and not for one that stands before another server.
/// </summary>
internal static class RequestFraming
{
    // Kestrel keeps here what Content-Length said next to a Transfer-Encoding.
    private const string ReplacedLength = "X-Content-Length";

    private static readonly InboundReply TwoLengths = new(400, GrpcStatusCode.Internal, "A request must not have both Content-Length and Transfer-Encoding");
    private static readonly InboundReply OtherCoding = new(501, GrpcStatusCode.Internal, "The only transfer coding is chunked, in HTTP/1.1");
    private static readonly InboundReply TargetCharacter = new(400, GrpcStatusCode.Internal, "The request target must be printable ASCII");

    /// <summary>Null: nothing is wrong.</summary>
    public static InboundReply? Check(HttpContext context)
    {
        // RFC 3986, section 2: anything else is escaped. In HTTP/2 Kestrel takes spaces and tabs.
        if (context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            return TargetCharacter;
        }

        var request = context.Request;
        if (HttpProtocol.IsHttp2(request.Protocol))
        {
            return Http2Headers.Check(request.Headers);
        }

        var coding = request.Headers.TransferEncoding;
        if (coding.Count == 0)
        {
            return null;
        }

        // RFC 9112, section 6.1: the last coding decides about the length, and a server does not know it before 1.1.
        return coding.Count > 1 || !string.Equals(coding[0], "chunked", StringComparison.OrdinalIgnoreCase) || !HttpProtocol.IsHttp11(request.Protocol) ? OtherCoding
            : request.Headers.ContentLength is not null || request.Headers.ContainsKey(ReplacedLength) ? TwoLengths
            : null;
    }
}
