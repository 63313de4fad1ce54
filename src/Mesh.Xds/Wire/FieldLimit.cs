using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace ProxylessMesh.Xds.Wire;

/// <summary>
/// Counts the fields of a message before it is parsed. An empty message is two bytes on the wire and, with all its lists, up to a
/// kilobyte in memory: the size of what a peer sends says little about what it costs.
/// </summary>
internal static class FieldLimit
{
    /// <summary>Of one resource: as many as a cluster of 50,000 endpoints has.</summary>
    public const int OfResource = 1_000_000;

    /// <summary>In bytes: whatever a message of this size holds is little.</summary>
    public const int Harmless = 64 * 1024;

    // The parser's own limit.
    private const int Deepest = 100;
    private const int StartGroup = 3;

    /// <param name="message">As it came.</param>
    /// <param name="parser">What will read it.</param>
    /// <param name="most">Fields that it may have, at all depths.</param>
    public static bool IsExceeded<T>(ReadOnlySpan<byte> message, MessageParser<T> parser, int most)
        where T : IMessage<T> =>
        message.Length > Harmless && Count(message, parser.ParseFrom(ByteString.Empty).Descriptor, most, 0) > most;

    private static int Count(ReadOnlySpan<byte> message, MessageDescriptor type, int most, int depth)
    {
        var count = 0;
        var fields = new WireFields(message);
        while (count <= most && fields.TryNext())
        {
            count++;
            if (fields.IsMessage && depth < Deepest && type.FindFieldByNumber(fields.Number) is { FieldType: FieldType.Message } field)
            {
                count += Count(message[fields.ContentStart..fields.End], field.MessageType, most - count, depth + 1);
            }
        }

        // The parser stops where the walk does, but at groups, which proto3 does not have: it would go on behind them.
        return fields.IsBroken && (message[fields.Start] & 7) == StartGroup ? int.MaxValue / 2 : count;
    }
}
