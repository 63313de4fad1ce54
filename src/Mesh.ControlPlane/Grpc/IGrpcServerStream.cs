using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.ControlPlane.Grpc;

/// <summary>The server's end of a duplex call. One reader and one writer at a time; the two may work at once.</summary>
internal interface IGrpcServerStream
{
    /// <summary>Headers, connection and identity of the caller.</summary>
    HttpContext HttpContext { get; }

    /// <summary>What is made of the next message, or null when the client has sent its last. A cancelled read cannot be repeated.</summary>
    Task<T?> ReadAsync<T>(IMessageDecoder<T> decoder, CancellationToken cancellationToken)
        where T : class;

    /// <summary>Sends one message and flushes: returns late when the client reads slowly.</summary>
    Task WriteAsync(EncodedMessage message, CancellationToken cancellationToken);
}
