namespace ProxylessMesh.Xds.Wire;

/// <summary>Walks over the fields of a protobuf message without reading what is in them.</summary>
internal ref struct WireFields(ReadOnlySpan<byte> message)
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int LengthDelimited = 2;
    private const int Fixed32 = 5;

    private const int WireTypes = 7;
    private const int MoreFollows = 0x80;

    private readonly ReadOnlySpan<byte> _message = message;
    private int _position;

    /// <summary>Of the field that was found.</summary>
    public int Number { get; private set; }

    /// <summary>Where the field begins, with its tag.</summary>
    public int Start { get; private set; }

    /// <summary>Where its content begins; only of what has a length.</summary>
    public int ContentStart { get; private set; }

    /// <summary>Behind the field.</summary>
    public readonly int End => _position;

    /// <summary>Whether no field follows.</summary>
    public readonly bool IsAtEnd => _position == _message.Length;

    /// <summary>Whether the field has a length, as messages and strings do.</summary>
    public bool IsMessage { get; private set; }

    /// <summary>Set when the bytes are no message.</summary>
    public bool IsBroken { get; private set; }

    /// <returns>False: the end, or <see cref="IsBroken"/>.</returns>
    public bool TryNext()
    {
        if (IsAtEnd)
        {
            return false;
        }

        Start = _position;
        if (TryNextShort())
        {
            return true;
        }

        IsBroken = !TryReadVarint(out var tag) || !TrySkip((int)(tag & WireTypes));
        Number = (int)(tag >> 3);
        return !IsBroken;
    }

    /// <summary>As texts and messages nearly always are: tag and length have one byte each.</summary>
    private bool TryNextShort()
    {
        var rest = _message[_position..];
        if (rest.Length < 2 || (rest[0] & (MoreFollows | WireTypes)) != LengthDelimited || rest[1] > rest.Length - 2 || rest[1] >= MoreFollows)
        {
            return false;
        }

        (Number, IsMessage) = (rest[0] >> 3, true);
        ContentStart = _position + 2;
        _position = ContentStart + rest[1];
        return true;
    }

    private bool TrySkip(int type)
    {
        IsMessage = type == LengthDelimited;
        ContentStart = _position;
        ulong length = 0;
        switch (type)
        {
            case Varint:
                return TryReadVarint(out _);
            case Fixed64:
                length = sizeof(ulong);
                break;
            case Fixed32:
                length = sizeof(uint);
                break;
            case LengthDelimited when TryReadVarint(out length):
                ContentStart = _position;
                break;
            default:
                return false;
        }

        if (length > (ulong)(_message.Length - _position))
        {
            return false;
        }

        _position += (int)length;
        return true;
    }

    private bool TryReadVarint(out ulong value)
    {
        value = 0;
        for (var shift = 0; shift < 64 && _position < _message.Length; shift += 7)
        {
            var part = _message[_position++];
            value |= (ulong)(part & ~MoreFollows) << shift;
            if (part < MoreFollows)
            {
                return true;
            }
        }

        return false;
    }
}
