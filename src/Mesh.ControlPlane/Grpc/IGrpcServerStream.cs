using Google.Protobuf;

namespace ProxylessMesh.ControlPlane.Grpc;

/// <summary>The server's end of a duplex call. One reader and one writer at a time; the two may work at once.</summary>
internal interface IGrpcServerStream<TRequest, in TResponse>
    where TRequest : IMessage<TRequest>
    where TResponse : IMessage<TResponse>
{
    /// <summary>Headers, connection and identity of the caller.</summary>
    HttpContext HttpContext { get; }

    /// <summary>The next message, or null when the client has sent its last. A cancelled read cannot be repeated.</summary>
    Task<TRequest?> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Sends one message and flushes: returns late when the client reads slowly.</summary>
    Task WriteAsync(TResponse message, CancellationToken cancellationToken);

    /// <summary>As the other, for one that is encoded already.</summary>
    Task WriteAsync(EncodedMessage message, CancellationToken cancellationToken);
}
