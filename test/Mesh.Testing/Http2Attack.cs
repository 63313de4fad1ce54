using System.Buffers.Binary;
using System.Text;

namespace ProxylessMesh.Testing;

/// <summary>The client's side of HTTP/2 in single frames (RFC 9113, section 6), for what no HTTP library would send.</summary>
public sealed class Http2Attack(Stream connection) : IAsyncDisposable
{
    /// <summary>END_STREAM of HEADERS and DATA.</summary>
    public const byte EndStream = 1;

    /// <summary>END_HEADERS of HEADERS and CONTINUATION.</summary>
    public const byte EndHeaders = 4;

    private const byte Ack = 1;
    private const int FrameHeadLength = 9;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly MemoryStream _unsent = new();

    /// <summary>The preface and settings: no dynamic table for what the server sends, and windows that never close unless said otherwise.</summary>
    public Task OpenAsync(uint streamWindow = int.MaxValue)
    {
        _unsent.Write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8);
        Add(Http2Frame.Settings, 0, 0, [.. Setting(1, 0), .. Setting(4, streamWindow)]);
        Add(Http2Frame.WindowUpdate, 0, 0, [0x70, 0, 0, 0]);
        return FlushAsync();
    }

    /// <summary>A request without a body, to be sent with the next flush.</summary>
    public void AddRequest(int stream, params (string Name, string Value)[] fields) =>
        Add(Http2Frame.Headers, EndHeaders | EndStream, stream, Block(fields));

    /// <summary>Any frame, to be sent with the next flush.</summary>
    public void Add(byte type, byte flags, int stream, byte[] payload)
    {
        Span<byte> head = stackalloc byte[FrameHeadLength];
        BinaryPrimitives.WriteInt32BigEndian(head, payload.Length << 8);
        head[3] = type;
        head[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(head[5..], stream);
        _unsent.Write(head);
        _unsent.Write(payload);
    }

    /// <summary>Sends what was added.</summary>
    /// <exception cref="IOException">The server has closed.</exception>
    public async Task FlushAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await connection.WriteAsync(_unsent.GetBuffer().AsMemory(0, (int)_unsent.Length), patience.Token);
        _unsent.SetLength(0);
        await connection.FlushAsync(patience.Token);
    }

    /// <summary>The next frame but settings, pings and window updates; settings are acknowledged on the way. Null: the server has closed.</summary>
    public async Task<Http2Frame?> ReadAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            while (true)
            {
                var head = new byte[FrameHeadLength];
                await connection.ReadExactlyAsync(head, patience.Token);
                var payload = new byte[(head[0] << 16) | (head[1] << 8) | head[2]];
                await connection.ReadExactlyAsync(payload, patience.Token);
                if (head[3] is Http2Frame.Settings && (head[4] & Ack) == 0)
                {
                    Add(Http2Frame.Settings, Ack, 0, []);
                    await FlushAsync();
                }
                else if (head[3] is not (Http2Frame.Settings or Http2Frame.Ping or Http2Frame.WindowUpdate))
                {
                    return new Http2Frame(head[3], head[4], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)), payload);
                }
            }
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>The status of the stream's response; 0 when the stream was reset, or the connection ended.</summary>
    public async Task<int> StatusAsync(int stream)
    {
        while (await ReadAsync() is { } frame)
        {
            if (frame.Stream == stream && frame.Type == Http2Frame.Headers)
            {
                return Status(frame.Payload);
            }

            if ((frame.Stream == stream && frame.Type == Http2Frame.RstStream) || frame.Type == Http2Frame.GoAway)
            {
                return 0;
            }
        }

        return 0;
    }

    /// <summary>Literal header fields, never indexed (RFC 7541, 6.2.3): HPACK at its plainest.</summary>
    public static byte[] Block(params (string Name, string Value)[] fields)
    {
        var block = new MemoryStream();
        foreach (var (name, value) in fields)
        {
            block.WriteByte(0x10);
            WriteText(block, name);
            WriteText(block, value);
        }

        return block.ToArray();
    }

    /// <summary>Of a response's header block. Kestrel puts :status first: indexed, or as a literal under the name of index 8 (RFC 7541, appendix A).</summary>
    public static int Status(ReadOnlySpan<byte> block)
    {
        while ((block[0] & 0xE0) == 0x20)
        {
            block = block[1..];
        }

        return (block[0] & 0x80) == 0
            ? int.Parse(Encoding.ASCII.GetString(block.Slice(2, block[1])), System.Globalization.CultureInfo.InvariantCulture)
            : (block[0] & 0x7F) switch { 8 => 200, 9 => 204, 10 => 206, 11 => 304, 12 => 400, 13 => 404, _ => 500 };
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private static byte[] Setting(ushort id, uint value)
    {
        var setting = new byte[6];
        BinaryPrimitives.WriteUInt16BigEndian(setting, id);
        BinaryPrimitives.WriteUInt32BigEndian(setting.AsSpan(2), value);
        return setting;
    }

    private static void WriteText(MemoryStream block, string text)
    {
        // A length in seven bits, and what is left in groups of seven (RFC 7541, 5.1).
        const int prefix = 127;
        block.WriteByte((byte)Math.Min(text.Length, prefix));
        if (text.Length >= prefix)
        {
            var rest = text.Length - prefix;
            for (; rest >= 128; rest >>= 7)
            {
                block.WriteByte((byte)(rest | 128));
            }

            block.WriteByte((byte)rest);
        }

        block.Write(Encoding.Latin1.GetBytes(text));
    }
}
