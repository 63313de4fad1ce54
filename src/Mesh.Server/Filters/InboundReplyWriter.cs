using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.Server.Filters;

/// <summary>Writes the mesh's own answers as Envoy writes its local replies: plain text, or trailers-only for gRPC calls.</summary>
internal static class InboundReplyWriter
{
    public static Task WriteAsync(HttpContext context, InboundReply reply)
    {
        context.Features.Set(reply);
        return GrpcContentType.IsGrpc(context.Request.ContentType) ? WriteGrpc(context.Response, reply) : WriteHttpAsync(context, reply);
    }

    // gRFC "PROTOCOL-HTTP2", Trailers-Only: the status stands in the headers, and there is no body.
    private static Task WriteGrpc(HttpResponse response, InboundReply reply)
    {
        response.StatusCode = StatusCodes.Status200OK;
        SetHeaders(response, reply);
        response.ContentType = GrpcContentType.Value;
        response.Headers["grpc-status"] = ((int)reply.GrpcStatus).ToString(CultureInfo.InvariantCulture);
        response.Headers["grpc-message"] = GrpcStatusText.Encode(reply.Sentence);
        return Task.CompletedTask;
    }

    private static async Task WriteHttpAsync(HttpContext context, InboundReply reply)
    {
        var response = context.Response;
        response.StatusCode = reply.Status;
        if (reply.Body is null)
        {
            response.ContentType = "text/plain; charset=utf-8";
        }

        SetHeaders(response, reply);
        var body = reply.Body ?? Encoding.UTF8.GetBytes(reply.Sentence + "\n");
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
        }
    }

    private static void SetHeaders(HttpResponse response, InboundReply reply)
    {
        foreach (var (name, value) in reply.Headers)
        {
            response.Headers.Append(name, value);
        }
    }
}
