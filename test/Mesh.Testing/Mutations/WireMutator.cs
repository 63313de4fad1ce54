namespace ProxylessMesh.Testing.Mutations;

/// <summary>
/// Spoils messages: mostly by fields, so that what comes out still reads as protobuf and reaches the decoders' depths, sometimes by bytes.
/// The same seed makes the same mistakes.
/// </summary>
internal sealed class WireMutator(int seed)
{
    private static readonly ulong[] s_numbers =
        [0, 1, 2, 99, 100, 101, 599, 600, 65_535, 65_536, int.MaxValue, uint.MaxValue, 1UL << 32, long.MaxValue, ulong.MaxValue, 0x7FF0000000000000, 0x7FF8000000000000];

    private static readonly byte[][] s_texts =
    [
        [], "*"u8.ToArray(), "a.*.b"u8.ToArray(), "::1"u8.ToArray(), "("u8.ToArray(), "(a+)+$"u8.ToArray(), "%s%n\r\n"u8.ToArray(), ":path"u8.ToArray(),
        [0xff, 0xfe, 0], [0xed, 0xa0, 0x80], [.. Enumerable.Repeat((byte)'x', 3000)], [.. Enumerable.Repeat((byte)'(', 300)], "type.googleapis.com/"u8.ToArray(),
        "envoy.transport_sockets.tls"u8.ToArray(), "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"u8.ToArray(),
    ];

    private readonly Random _random = new(seed);

    public byte[] Mutate(byte[] message)
    {
        if (_random.Next(8) == 0 || WireField.Read(message) is not { Count: > 0 } fields)
        {
            return MutateBytes(message);
        }

        for (var changes = 1 + _random.Next(4); changes > 0 && fields.Count > 0; changes--)
        {
            ChangeOne(fields);
        }

        return WireField.Write(fields);
    }

    /// <summary>Bits, cuts, repetitions, noise.</summary>
    public byte[] MutateBytes(byte[] message)
    {
        var bytes = (byte[])message.Clone();
        for (var changes = 1 + _random.Next(8); changes > 0 && bytes.Length > 0; changes--)
        {
            var at = _random.Next(bytes.Length);
            switch (_random.Next(20))
            {
                case 0:
                    bytes = bytes[..at];
                    break;
                case 1:
                    bytes = [.. bytes[..at], .. bytes[_random.Next(at + 1)..]];
                    break;
                case 2:
                    bytes = new byte[_random.Next(64)];
                    _random.NextBytes(bytes);
                    break;
                case < 8:
                    bytes[at] = (byte)_random.Next(256);
                    break;
                default:
                    bytes[at] ^= (byte)(1 << _random.Next(8));
                    break;
            }
        }

        return bytes;
    }

    /// <summary>Walks down to some field and spoils it.</summary>
    private void ChangeOne(List<WireField> fields)
    {
        var at = _random.Next(fields.Count);
        while (fields[at].Fields is { Count: > 0 } inner && _random.Next(5) > 0)
        {
            fields = inner;
            at = _random.Next(fields.Count);
        }

        var field = fields[at];
        switch (_random.Next(9))
        {
            case 0:
                fields.RemoveAt(at);
                break;
            case 1:
                fields.Insert(_random.Next(fields.Count + 1), field.Clone());
                break;
            case 2:
                field.Tag = ((ulong)(1 + _random.Next(45)) << 3) | (field.Tag & 7);
                break;
            case 3:
                fields.Insert(at, Unknown());
                break;
            case 4:
                Wrap(field);
                break;
            case 5:
                var other = fields[_random.Next(fields.Count)];
                (field.Content, other.Content, field.Fields, other.Fields) = (other.Content, field.Content, other.Fields, field.Fields);
                break;
            default:
                ChangeValue(field);
                break;
        }
    }

    private void ChangeValue(WireField field)
    {
        if (!field.HasContent)
        {
            field.Number = s_numbers[_random.Next(s_numbers.Length)];
            return;
        }

        field.Content = _random.Next(3) == 0 && field.Content.Length > 0 ? MutateBytes(field.Content) : s_texts[_random.Next(s_texts.Length)];
        field.Fields = null;
    }

    private WireField Unknown()
    {
        var content = new byte[_random.Next(16)];
        _random.NextBytes(content);
        return new WireField { Tag = ((ulong)(1000 + _random.Next(1000)) << 3) | 2, Content = content };
    }

    /// <summary>The field in itself, up to a hundred times.</summary>
    private void Wrap(WireField field)
    {
        if (!field.HasContent)
        {
            return;
        }

        for (var depth = 1 + _random.Next(_random.Next(10) == 0 ? 100 : 3); depth > 0; depth--)
        {
            field.Fields = [field.Clone()];
        }
    }
}
