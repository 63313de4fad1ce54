using Google.Protobuf;

namespace ProxylessMesh.Xds.Resources.Authorization;

/// <summary>Finds fields of a later version of a message, which the parser keeps but does not show.</summary>
internal static class UnknownFields
{
    public static void Refuse<T>(T message, MessageParser<T> parser, DecodeContext context)
        where T : IMessage<T>
    {
        var known = parser.WithDiscardUnknownFields(true).ParseFrom(message.ToByteString());
        if (known.CalculateSize() != message.CalculateSize())
        {
            context.Error("holds fields that this version does not know");
        }
    }
}
