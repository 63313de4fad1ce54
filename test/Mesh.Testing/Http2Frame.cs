namespace ProxylessMesh.Testing;

/// <summary>One frame (RFC 9113, 4.1).</summary>
/// <param name="Type">One of the constants.</param>
/// <param name="Flags">Their meaning depends on the type.</param>
/// <param name="Stream">0 is the connection.</param>
/// <param name="Payload">Without the head.</param>
public sealed record Http2Frame(byte Type, byte Flags, int Stream, byte[] Payload)
{
    /// <summary>DATA.</summary>
    public const byte Data = 0;

    /// <summary>HEADERS.</summary>
    public const byte Headers = 1;

    /// <summary>RST_STREAM.</summary>
    public const byte RstStream = 3;

    /// <summary>SETTINGS.</summary>
    public const byte Settings = 4;

    /// <summary>PING.</summary>
    public const byte Ping = 6;

    /// <summary>GOAWAY.</summary>
    public const byte GoAway = 7;

    /// <summary>WINDOW_UPDATE.</summary>
    public const byte WindowUpdate = 8;

    /// <summary>END_STREAM of DATA and HEADERS.</summary>
    public bool EndsStream => (Flags & 1) != 0;
}
