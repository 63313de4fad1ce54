using System.Buffers.Binary;

namespace ProxylessMesh.Testing;

/// <summary>The server's side of HTTP/2 in single frames (RFC 9113, section 6), for what no HTTP library would send.</summary>
public sealed class Http2Script(ScriptedConnection connection)
{
    private const int PrefaceLength = 24;
    private const int FrameHeadLength = 9;
    private const byte Ack = 1;
    private const byte EndStream = 1;
    private const byte EndHeaders = 4;

    /// <summary>Takes the client's preface and settings and sends settings of its own.</summary>
    public async Task OpenAsync(params (ushort Id, uint Value)[] settings)
    {
        await connection.ReadAsync(PrefaceLength);
        var payload = new byte[settings.Length * 6];
        for (var i = 0; i < settings.Length; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(payload.AsSpan(i * 6), settings[i].Id);
            BinaryPrimitives.WriteUInt32BigEndian(payload.AsSpan((i * 6) + 2), settings[i].Value);
        }

        await SendAsync(Http2Frame.Settings, 0, 0, payload);
    }

    /// <summary>The next frame; settings and pings are answered on the way.</summary>
    public async Task<Http2Frame> ReadAsync()
    {
        while (true)
        {
            var head = await connection.ReadAsync(FrameHeadLength);
            var payload = await connection.ReadAsync((head[0] << 16) | (head[1] << 8) | head[2]);
            var frame = new Http2Frame(head[3], head[4], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)), payload);
            if (frame.Type is Http2Frame.Settings or Http2Frame.Ping)
            {
                if ((frame.Flags & Ack) == 0)
                {
                    await SendAsync(frame.Type, Ack, 0, frame.Type == Http2Frame.Ping ? payload : []);
                }
            }
            else if (frame.Type != Http2Frame.WindowUpdate)
            {
                return frame;
            }
        }
    }

    /// <summary>Skips to the next request and returns its stream.</summary>
    public async Task<int> ReadRequestAsync()
    {
        Http2Frame frame;
        while ((frame = await ReadAsync()).Type != Http2Frame.Headers)
        {
        }

        return frame.Stream;
    }

    /// <summary>HEADERS, as <see cref="Http2Attack.Block"/> writes them.</summary>
    public Task SendHeadersAsync(int stream, bool end, params (string Name, string Value)[] fields) =>
        SendAsync(Http2Frame.Headers, (byte)(EndHeaders | (end ? EndStream : 0)), stream, Http2Attack.Block(fields));

    /// <summary>DATA.</summary>
    public Task SendDataAsync(int stream, bool end, byte[] data) => SendAsync(Http2Frame.Data, end ? EndStream : (byte)0, stream, data);

    /// <summary>RST_STREAM.</summary>
    public Task ResetAsync(int stream, uint code)
    {
        var payload = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(payload, code);
        return SendAsync(Http2Frame.RstStream, 0, stream, payload);
    }

    /// <summary>GOAWAY.</summary>
    public Task GoAwayAsync(int lastStream, uint code)
    {
        var payload = new byte[8];
        BinaryPrimitives.WriteInt32BigEndian(payload, lastStream);
        BinaryPrimitives.WriteUInt32BigEndian(payload.AsSpan(4), code);
        return SendAsync(Http2Frame.GoAway, 0, 0, payload);
    }

    /// <summary>Any frame.</summary>
    public Task SendAsync(byte type, byte flags, int stream, byte[] payload)
    {
        var frame = new byte[FrameHeadLength + payload.Length];
        frame[0] = (byte)(payload.Length >> 16);
        frame[1] = (byte)(payload.Length >> 8);
        frame[2] = (byte)payload.Length;
        frame[3] = type;
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, FrameHeadLength);
        return connection.WriteAsync(frame);
    }
}
