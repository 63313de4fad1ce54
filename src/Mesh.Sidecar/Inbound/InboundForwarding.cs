using ProxylessMesh.Server.Filters;
using ProxylessMesh.Sidecar.Forwarding;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.Sidecar.Inbound;

/// <summary>The end of the pipeline: what the mesh has let through goes to the app.</summary>
internal sealed class InboundForwarding : IDisposable
{
    private static readonly InboundReply NoTarget = new(
        StatusCodes.Status404NotFound, GrpcStatusCode.Unimplemented, "No entry of Sidecar:Inbound forwards this port");

    private static readonly InboundReply NoHttp2 = new(
        StatusCodes.Status503ServiceUnavailable, GrpcStatusCode.Unavailable, "The app is forwarded to in HTTP/1.1, which cannot carry gRPC: set Http2 of its Sidecar:Inbound");

    private readonly HttpMessageInvoker _app = new(LocalUpstream.CreateHandler());

    public Task ForwardAsync(HttpContext context)
    {
        if (context.Features.Get<InboundTarget>() is not { } target)
        {
            return InboundReplyWriter.WriteAsync(context, NoTarget);
        }

        var isHttp2 = HttpProtocol.IsHttp2(context.Request.Protocol);
        if (isHttp2 && target.Http2 is null && GrpcContentType.IsGrpc(context.Request.ContentType))
        {
            return InboundReplyWriter.WriteAsync(context, NoHttp2);
        }

        context.Features.Get<ClientCertificateHeader>()?.Apply(context.Request.Headers);
        return HttpForwarder.ForwardAsync(context, _app, (isHttp2 ? target.Http2 : null) ?? target.Http1);
    }

    public void Dispose() => _app.Dispose();
}
