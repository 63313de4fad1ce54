using Google.Protobuf;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.ControlPlane.Grpc;

internal sealed class GrpcServerStream<TRequest, TResponse>(HttpContext context, MessageParser<TRequest> parser, int maxMessageSize)
    : IGrpcServerStream<TRequest, TResponse>
    where TRequest : IMessage<TRequest>
    where TResponse : IMessage<TResponse>
{
    private readonly GrpcFrameReader _requests = new(context.Request.Body, maxMessageSize);

    public HttpContext HttpContext => context;

    public async Task<TRequest?> ReadAsync(CancellationToken cancellationToken) =>
        await _requests.ReadAsync(parser, cancellationToken).ConfigureAwait(false);

    public Task WriteAsync(TResponse message, CancellationToken cancellationToken) =>
        GrpcFrameWriter.WriteAsync(context.Response.Body, message, cancellationToken);
}
