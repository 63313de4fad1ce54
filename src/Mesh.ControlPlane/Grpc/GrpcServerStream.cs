using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Google.Protobuf;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.ControlPlane.Grpc;

internal sealed class GrpcServerStream<TRequest, TResponse>(HttpContext context, MessageParser<TRequest> parser, int maxMessageSize)
    : IGrpcServerStream<TRequest, TResponse>
    where TRequest : class, IMessage<TRequest>
    where TResponse : class, IMessage<TResponse>
{
    private const int MaxUnflushed = 32 * 1024;

    private readonly GrpcFrameReader _requests = new(context.Request.Body, maxMessageSize);
    private readonly ProtobufDecoder<TRequest> _decoder = new(parser);

    public HttpContext HttpContext => context;

    public Task<TRequest?> ReadAsync(CancellationToken cancellationToken) => ReadAsync(_decoder, cancellationToken);

    /// <exception cref="GrpcException">The message is damaged, or the caller broke the stream off: Kestrel may say so before it cancels the request.</exception>
    public async Task<T?> ReadAsync<T>(IMessageDecoder<T> decoder, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await _requests.ReadAsync(decoder, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            throw new GrpcException(GrpcStatusCode.Cancelled, "the caller broke the stream off", e);
        }
    }

    public Task WriteAsync(TResponse message, CancellationToken cancellationToken) =>
        GrpcFrameWriter.WriteAsync(context.Response.Body, message, cancellationToken);

    public async Task WriteAsync(EncodedMessage message, CancellationToken cancellationToken)
    {
        var body = context.Response.BodyWriter;
        WriteHeader(body, message.Size);
        body.Write(message.Own);
        var unflushed = message.Own.Length;
        for (var i = 0; i < message.Shared.Count; i++)
        {
            body.Write(message.Shared[i].Span);
            unflushed += message.Shared[i].Length;
            if (unflushed > MaxUnflushed)
            {
                // What a client does not read yet must not pile up here.
                await body.FlushAsync(cancellationToken).ConfigureAwait(false);
                unflushed = 0;
            }
        }

        await body.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private static void WriteHeader(PipeWriter body, int size)
    {
        var header = body.GetSpan(GrpcFrameWriter.HeaderSize);
        header[0] = 0;
        BinaryPrimitives.WriteInt32BigEndian(header[1..], size);
        body.Advance(GrpcFrameWriter.HeaderSize);
    }
}
