using Google.Protobuf;

namespace ProxylessMesh.ControlPlane.Grpc;

/// <summary>An <see cref="IGrpcServerStream"/> of these messages.</summary>
internal interface IGrpcServerStream<TRequest, in TResponse> : IGrpcServerStream
    where TRequest : class, IMessage<TRequest>
    where TResponse : class, IMessage<TResponse>
{
    /// <summary>The next message, or null when the client has sent its last. A cancelled read cannot be repeated.</summary>
    Task<TRequest?> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Sends one message and flushes: returns late when the client reads slowly.</summary>
    Task WriteAsync(TResponse message, CancellationToken cancellationToken);
}
