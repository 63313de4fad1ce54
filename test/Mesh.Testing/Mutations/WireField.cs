using System.Buffers.Binary;

namespace ProxylessMesh.Testing.Mutations;

/// <summary>A field of a protobuf message as it stands on the wire; content that could be a message is one.</summary>
internal sealed class WireField
{
    private const int DeepestMessage = 32;

    /// <summary>Number and wire type.</summary>
    public ulong Tag { get; set; }

    public ulong Number { get; set; }

    public byte[] Content { get; set; } = [];

    /// <summary>Null: <see cref="Content"/> is no message.</summary>
    public List<WireField>? Fields { get; set; }

    public bool HasContent => (Tag & 7) == 2;

    /// <summary>Null: not a message.</summary>
    public static List<WireField>? Read(ReadOnlySpan<byte> bytes, int depth = 0)
    {
        var fields = new List<WireField>();
        while (!bytes.IsEmpty)
        {
            if (ReadVarint(ref bytes) is not { } tag || tag >> 3 is 0 or > 20_000)
            {
                return null;
            }

            var field = new WireField { Tag = tag };
            switch (tag & 7)
            {
                case 0 when ReadVarint(ref bytes) is { } number:
                    field.Number = number;
                    break;
                case 1 when bytes.Length >= 8:
                    field.Number = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
                    bytes = bytes[8..];
                    break;
                case 5 when bytes.Length >= 4:
                    field.Number = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
                    bytes = bytes[4..];
                    break;
                case 2 when ReadVarint(ref bytes) is { } length && length <= (ulong)bytes.Length:
                    field.Content = bytes[..(int)length].ToArray();
                    field.Fields = length > 1 && depth < DeepestMessage ? Read(field.Content, depth + 1) : null;
                    bytes = bytes[(int)length..];
                    break;
                default:
                    return null;
            }

            fields.Add(field);
        }

        return fields;
    }

    public static byte[] Write(List<WireField> fields)
    {
        using var stream = new MemoryStream();
        foreach (var field in fields)
        {
            field.Write(stream);
        }

        return stream.ToArray();
    }

    public WireField Clone() => new() { Tag = Tag, Number = Number, Content = Content, Fields = Fields?.ConvertAll(f => f.Clone()) };

    private void Write(MemoryStream stream)
    {
        WriteVarint(stream, Tag);
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(number, Number);
        switch (Tag & 7)
        {
            case 0:
                WriteVarint(stream, Number);
                break;
            case 1:
                stream.Write(number);
                break;
            case 5:
                stream.Write(number[..4]);
                break;
            default:
                var content = Fields is null ? Content : Write(Fields);
                WriteVarint(stream, (ulong)content.Length);
                stream.Write(content);
                break;
        }
    }

    private static ulong? ReadVarint(ref ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (var i = 0; i < Math.Min(10, bytes.Length); i++)
        {
            value |= (ulong)(bytes[i] & 0x7f) << (7 * i);
            if (bytes[i] < 0x80)
            {
                bytes = bytes[(i + 1)..];
                return value;
            }
        }

        return null;
    }

    private static void WriteVarint(MemoryStream stream, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            stream.WriteByte((byte)(value | 0x80));
        }

        stream.WriteByte((byte)value);
    }
}
