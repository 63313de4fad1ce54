using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using ProxylessMesh.Xds.Wire;

namespace ProxylessMesh.Xds.Grpc;

/// <summary>Reads all of a message.</summary>
internal sealed class ProtobufDecoder<T>(MessageParser<T> parser) : IMessageDecoder<T>
    where T : IMessage<T>
{
    [SuppressMessage("Design", "CA1031", Justification = "Whatever the parser makes of a stranger's bytes, it is one error.")]
    public T Decode(ReadOnlySpan<byte> message, int mostFields)
    {
        if (FieldLimit.IsExceeded(message, parser, mostFields))
        {
            throw new GrpcException(GrpcStatusCode.ResourceExhausted, $"a message holds more than {mostFields} fields");
        }

        try
        {
            return parser.ParseFrom(message);
        }
        catch (Exception e)
        {
            throw new GrpcException(GrpcStatusCode.Internal, "the message is no valid protobuf", e);
        }
    }
}
