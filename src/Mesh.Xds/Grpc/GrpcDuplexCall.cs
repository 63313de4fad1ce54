using Google.Protobuf;

namespace ProxylessMesh.Xds.Grpc;

/// <summary>A call with streams both ways. One writer and one reader at a time; the two may work at once.</summary>
internal sealed class GrpcDuplexCall<TRequest, TResponse> : IAsyncDisposable
    where TRequest : IMessage<TRequest>
    where TResponse : IMessage<TResponse>
{
    /// <summary>Sends one message and flushes. Throws <see cref="GrpcException"/> when the call has ended.</summary>
    public Task WriteAsync(TRequest message, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Ends the request stream.</summary>
    public Task CompleteAsync() => throw new NotImplementedException();

    /// <summary>The next message, or null when the server ended the call with OK. Throws <see cref="GrpcException"/> for any other end.</summary>
    public Task<TResponse?> ReadAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Cancels the call if it still runs.</summary>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
