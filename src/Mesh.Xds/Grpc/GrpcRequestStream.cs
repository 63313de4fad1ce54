using System.Net;
using Google.Protobuf;

namespace ProxylessMesh.Xds.Grpc;

/// <summary>The body of a duplex call: HttpClient pulls contents, so this one lends its stream to whoever pushes messages.</summary>
internal sealed class GrpcRequestStream : HttpContent
{
    private readonly TaskCompletionSource<Stream> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public GrpcRequestStream() => Headers.TryAddWithoutValidation("content-type", GrpcContentType.Value);

    public bool IsCompleted => _completed.Task.IsCompleted;

    public async Task WriteAsync<T>(T message, CancellationToken cancellationToken)
        where T : IMessage<T>
    {
        var stream = await _opened.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        await GrpcFrameWriter.WriteAsync(stream, message, cancellationToken).ConfigureAwait(false);
    }

    public void Complete() => _completed.TrySetResult();

    /// <summary>Ends the body without the mark that says it is whole.</summary>
    public void Abandon() => _completed.TrySetCanceled(CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (!_opened.TrySetResult(stream))
        {
            // SocketsHttpHandler repeats what a closing connection refused; messages that were pushed cannot be pulled again.
            throw new GrpcException(GrpcStatusCode.Unavailable, "the connection closed before the call was accepted");
        }

        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);

        // Not tied to the token: the transport cancels it when the server ends the call, and a body that fails then would hide how it ended.
        await _completed.Task.ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
