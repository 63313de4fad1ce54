using System.Net;
using Microsoft.AspNetCore.Http.Features;
using ProxylessMesh.Server.Filters;
using ProxylessMesh.Server.Requests;
using ProxylessMesh.Sidecar.Forwarding;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.Sidecar.Outbound;

/// <summary>Makes a call of the mesh of each request to the proxy: routes, retries, mutual TLS, as if the app had been one of ours.</summary>
internal sealed class OutboundForwarding(HttpMessageInvoker mesh)
{
    private static readonly InboundReply NoTunnel = new(
        StatusCodes.Status501NotImplemented,
        GrpcStatusCode.Unimplemented,
        "This proxy makes no tunnels: write http:// for hosts of the mesh, which encrypts by itself, and leave https_proxy unset for all others");

    private static readonly InboundReply NoTls = new(
        StatusCodes.Status501NotImplemented, GrpcStatusCode.Unimplemented, "Write http:// for hosts of the mesh, which encrypts by itself: https:// is not for a proxy to open");

    private static readonly InboundReply NoHost = new(StatusCodes.Status400BadRequest, GrpcStatusCode.InvalidArgument, "The request names no host");

    public Task ForwardAsync(HttpContext context)
    {
        var request = context.Request;
        if (HttpMethods.IsConnect(request.Method) && !UpgradeTunnel.IsExtendedConnect(context))
        {
            return InboundReplyWriter.WriteAsync(context, NoTunnel);
        }

        if (RequestFraming.Check(context) is { } malformed)
        {
            context.Response.Headers.Connection = HttpProtocol.IsHttp2(request.Protocol) ? default : "close";
            return InboundReplyWriter.WriteAsync(context, malformed);
        }

        if (context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.StartsWith("https:", StringComparison.OrdinalIgnoreCase))
        {
            return InboundReplyWriter.WriteAsync(context, NoTls);
        }

        if (request.Host.Value is not { Length: > 0 } host)
        {
            return InboundReplyWriter.WriteAsync(context, NoHost);
        }

        var version = HttpProtocol.IsHttp2(request.Protocol) ? HttpVersion.Version20 : HttpVersion.Version11;
        return HttpForwarder.ForwardAsync(context, mesh, new ForwardDestination($"http://{host}", version, host) { KeepsTarget = false, TakesOnlyAscii = true });
    }
}
