using System.Buffers.Binary;

namespace ProxylessMesh.Client.Connections;

/// <summary>The SETTINGS frame that begins what an HTTP/2 server sends (RFC 9113, 3.4 and 6.5).</summary>
internal static class SettingsFrame
{
    public const int HeadLength = 9;

    private const byte Type = 4;
    private const byte Ack = 1;
    private const int EntryLength = 6;
    private const ushort MaxConcurrentStreams = 3;

    /// <summary>No frame may be longer before the client's own settings allow it (RFC 9113, 4.2).</summary>
    private const int MaxLength = 16384;

    /// <summary>The length of the payload that follows; null: this is no frame of settings, and not for us to judge.</summary>
    public static int? PayloadLength(ReadOnlySpan<byte> head)
    {
        var length = (head[0] << 16) | (head[1] << 8) | head[2];
        var stream = BinaryPrimitives.ReadUInt32BigEndian(head[5..]) & 0x7FFFFFFF;
        return head[3] == Type && (head[4] & Ack) == 0 && stream == 0 && length % EntryLength == 0 && length <= MaxLength - EntryLength ? length : null;
    }

    /// <summary>The same frame, allowing no more streams than <paramref name="limit"/>.</summary>
    public static byte[] Limit(ReadOnlySpan<byte> frame, int limit)
    {
        var result = new byte[frame.Length + EntryLength];
        frame.CopyTo(result);
        var found = false;
        for (var at = HeadLength; at < frame.Length; at += EntryLength)
        {
            // One that comes twice counts as it comes last.
            if (BinaryPrimitives.ReadUInt16BigEndian(frame[at..]) == MaxConcurrentStreams)
            {
                found = true;
                var allowed = BinaryPrimitives.ReadUInt32BigEndian(frame[(at + 2)..]);
                BinaryPrimitives.WriteUInt32BigEndian(result.AsSpan(at + 2), Math.Min(allowed, (uint)limit));
            }
        }

        if (found)
        {
            return result[..frame.Length];
        }

        var length = result.Length - HeadLength;
        (result[0], result[1], result[2]) = ((byte)(length >> 16), (byte)(length >> 8), (byte)length);
        BinaryPrimitives.WriteUInt16BigEndian(result.AsSpan(frame.Length), MaxConcurrentStreams);
        BinaryPrimitives.WriteUInt32BigEndian(result.AsSpan(frame.Length + 2), (uint)limit);
        return result;
    }
}
