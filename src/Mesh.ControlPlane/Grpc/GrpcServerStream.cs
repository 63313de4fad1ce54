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

    /// <exception cref="GrpcException">The message is damaged, or the caller broke the stream off: Kestrel may say so before it cancels the request.</exception>
    public async Task<TRequest?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _requests.ReadAsync(parser, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            throw new GrpcException(GrpcStatusCode.Cancelled, "the caller broke the stream off", e);
        }
    }

    public Task WriteAsync(TResponse message, CancellationToken cancellationToken) =>
        GrpcFrameWriter.WriteAsync(context.Response.Body, message, cancellationToken);
}
