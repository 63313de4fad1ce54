using Google.Protobuf;
using ProxylessMesh.Xds.Wire;

namespace ProxylessMesh.Xds.Resources;

/// <summary>Parses outside bytes, with every way in which the parser can refuse them.</summary>
internal static class WireReader
{
    /// <summary>The message, or null with an error.</summary>
    public static T? Read<T>(ByteString bytes, MessageParser<T> parser, DecodeContext context)
        where T : class, IMessage<T>
    {
        if (FieldLimit.IsExceeded(bytes.Span, parser, FieldLimit.OfResource))
        {
            context.Error($"holds more than {FieldLimit.OfResource} fields");
            return null;
        }

        try
        {
            return parser.ParseFrom(bytes);
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidOperationException)
        {
            // The second is what Google.Protobuf throws for a broken wrapper message (UInt32Value, BoolValue and their like).
            context.Error($"not a valid message: {e.Message}");
            return null;
        }
    }
}
