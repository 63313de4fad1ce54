namespace ProxylessMesh.Xds.Grpc;

/// <summary>Makes something of a message while its bytes are there.</summary>
internal interface IMessageDecoder<out T>
{
    /// <param name="message">Valid during the call only.</param>
    /// <param name="mostFields">That a message may hold, at all depths.</param>
    /// <exception cref="GrpcException">INTERNAL for what is no message, RESOURCE_EXHAUSTED for one of too many fields.</exception>
    T Decode(ReadOnlySpan<byte> message, int mostFields);
}
