using System.Buffers.Binary;
using System.Text;

namespace ProxylessMesh.Client.NameResolution;

/// <summary>
/// Reads the parts of a message that anybody on the network may have made up: never beyond its end, and names with no more than
/// the 255 bytes that the protocol allows, whose pointers only lead backwards, so that none leads in a circle.
/// </summary>
internal ref struct DnsReader(ReadOnlySpan<byte> message)
{
    private const int MaxName = 255;
    private const int PointerBits = 0xC0;

    private readonly ReadOnlySpan<byte> _message = message;

    public int Position { get; private set; }

    public bool TrySkip(int count)
    {
        if (count > _message.Length - Position)
        {
            return false;
        }

        Position += count;
        return true;
    }

    public bool TryReadUInt16(out ushort value)
    {
        value = 0;
        return TryReadBytes(2, out var bytes) && BinaryPrimitives.TryReadUInt16BigEndian(bytes, out value);
    }

    public bool TryReadUInt32(out uint value)
    {
        value = 0;
        return TryReadBytes(4, out var bytes) && BinaryPrimitives.TryReadUInt32BigEndian(bytes, out value);
    }

    public bool TryReadBytes(int count, out ReadOnlySpan<byte> bytes)
    {
        var start = Position;
        if (!TrySkip(count))
        {
            bytes = default;
            return false;
        }

        bytes = _message.Slice(start, count);
        return true;
    }

    /// <summary>A name in lower case, without a dot at the end; compressed ones too (RFC 1035, 4.1.4).</summary>
    public bool TryReadName(out string name)
    {
        name = "";
        var text = new StringBuilder();
        var (at, part, end) = (Position, Position, -1);
        while (at < _message.Length)
        {
            int length = _message[at];
            if (length == 0)
            {
                Position = end < 0 ? at + 1 : end;
                name = text.ToString();
                return true;
            }

            if ((length & PointerBits) == PointerBits)
            {
                if (at + 1 >= _message.Length)
                {
                    return false;
                }

                var target = ((length & ~PointerBits) << 8) | _message[at + 1];
                if (target >= part)
                {
                    return false;
                }

                end = end < 0 ? at + 2 : end;
                (at, part) = (target, target);
            }
            else if ((length & PointerBits) != 0 || at + 1 + length > _message.Length || text.Length + length + 1 > MaxName)
            {
                return false;
            }
            else
            {
                Append(text, _message.Slice(at + 1, length));
                at += 1 + length;
            }
        }

        return false;
    }

    /// <summary>A dot inside a label is no end of it; such names are no host's, and equal none.</summary>
    private static void Append(StringBuilder text, ReadOnlySpan<byte> label)
    {
        if (text.Length > 0)
        {
            text.Append('.');
        }

        foreach (var c in label)
        {
            text.Append(c == '.' ? '\uFFFD' : char.ToLowerInvariant((char)c));
        }
    }
}
