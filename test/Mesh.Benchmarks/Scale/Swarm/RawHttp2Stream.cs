using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ProxylessMesh.Benchmarks.Scale.Swarm;

/// <summary>
/// One gRPC stream on a connection of its own, in as little of HTTP/2 as that takes (RFC 9113): thousands of them must cost the machine
/// less than the server that they are to measure. Response headers are not decoded. One task reads; requests are queued by it.
/// </summary>
internal sealed class RawHttp2Stream : IDisposable
{
    private const int FrameHeader = 9;
    private const int MaxFrame = 16 * 1024;
    private const int Window = 16 * 1024 * 1024;
    private const int InitialWindow = 65_535;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly ArrayBufferWriter<byte> _out = new(1024);
    private readonly Queue<byte[]> _messages = new();
    private int _offset;
    private int _connectionWindow = InitialWindow;
    private int _streamWindow = InitialWindow;
    private int _initialWindow = InitialWindow;
    private int _unacknowledged;
    private byte[] _in = [];
    private int _filled;
    private byte[] _message = [];
    private int _messageFilled;

    /// <summary>Of frames' payloads, that were read.</summary>
    public long BytesReceived { get; private set; }

    public async Task ConnectAsync(IPEndPoint server, string path, CancellationToken cancellationToken)
    {
        await _socket.ConnectAsync(server, cancellationToken);
        _out.Write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8);
        Span<byte> setting = stackalloc byte[6];
        BinaryPrimitives.WriteUInt16BigEndian(setting, 4);
        BinaryPrimitives.WriteInt32BigEndian(setting[2..], Window);
        WriteFrame(type: 4, flags: 0, stream: 0, setting);
        WriteWindowUpdate(stream: 0, Window - InitialWindow);
        var headers = new ArrayBufferWriter<byte>();

        // HPACK (RFC 7541) without a table of its own: POST, http, then literals.
        headers.Write((ReadOnlySpan<byte>)[0x83, 0x86]);
        WriteLiteral(headers, [0x04], path);
        WriteLiteral(headers, [0x01], server.ToString());
        WriteLiteral(headers, [0x0f, 0x10], "application/grpc");
        WriteLiteral(headers, [0x00, 2, (byte)'t', (byte)'e'], "trailers");
        WriteFrame(type: 1, flags: 4, stream: 1, headers.WrittenSpan);
    }

    /// <summary>A message without its frame; it may be shared, and is not copied before it is sent.</summary>
    public void Queue(byte[] framed) => _messages.Enqueue(framed);

    /// <summary>Sends what is queued, as far as the server lets us.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        while (_messages.TryPeek(out var message) && Math.Min(_connectionWindow, _streamWindow) > 0)
        {
            var length = Math.Min(Math.Min(message.Length - _offset, MaxFrame), Math.Min(_connectionWindow, _streamWindow));
            WriteFrame(type: 0, flags: 0, stream: 1, message.AsSpan(_offset, length));
            _connectionWindow -= length;
            _streamWindow -= length;
            _offset += length;
            if (_offset == message.Length)
            {
                _messages.Dequeue();
                _offset = 0;
            }
        }

        for (var sent = 0; sent < _out.WrittenCount;)
        {
            sent += await _socket.SendAsync(_out.WrittenMemory[sent..], SocketFlags.None, cancellationToken);
        }

        _out.ResetWrittenCount();
    }

    /// <summary>Calls back with each message; returns when the server ends the stream.</summary>
    public async Task RunAsync(Action<ReadOnlySpan<byte>> onMessage, CancellationToken cancellationToken)
    {
        try
        {
            await FlushAsync(cancellationToken);
            while (true)
            {
                if (_filled == 0)
                {
                    // A buffer only while there is something to read.
                    await _socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None, cancellationToken);
                    _in = ArrayPool<byte>.Shared.Rent(FrameHeader + MaxFrame);
                }

                var read = await _socket.ReceiveAsync(_in.AsMemory(_filled), SocketFlags.None, cancellationToken);
                if (read == 0)
                {
                    return;
                }

                _filled += read;
                if (!TakeFrames(onMessage))
                {
                    return;
                }

                await FlushAsync(cancellationToken);
                if (_filled == 0)
                {
                    ArrayPool<byte>.Shared.Return(_in);
                    _in = [];
                }
            }
        }
        catch (SocketException)
        {
            // The server has gone.
        }
    }

    public void Dispose() => _socket.Dispose();

    private bool TakeFrames(Action<ReadOnlySpan<byte>> onMessage)
    {
        var at = 0;
        while (_filled - at >= FrameHeader)
        {
            var header = _in.AsSpan(at, FrameHeader);
            var length = (header[0] << 16) | (header[1] << 8) | header[2];
            if (_filled - at < FrameHeader + length)
            {
                break;
            }

            if (!Take(header[3], header[4], BinaryPrimitives.ReadInt32BigEndian(header[5..]), _in.AsSpan(at + FrameHeader, length), onMessage))
            {
                return false;
            }

            at += FrameHeader + length;
        }

        _in.AsSpan(at, _filled - at).CopyTo(_in);
        _filled -= at;
        return true;
    }

    /// <summary>False: the stream is over.</summary>
    private bool Take(byte type, byte flags, int stream, ReadOnlySpan<byte> payload, Action<ReadOnlySpan<byte>> onMessage)
    {
        switch (type)
        {
            case 0:
                TakeData(payload, onMessage);
                return (flags & 1) == 0;
            case 1:
                return (flags & 1) == 0;
            case 3 or 7:
                return false;
            case 4 when (flags & 1) == 0:
                TakeSettings(payload);
                WriteFrame(type: 4, flags: 1, stream: 0, []);
                return true;
            case 6 when (flags & 1) == 0:
                WriteFrame(type: 6, flags: 1, stream: 0, payload);
                return true;
            case 8 when stream == 0:
                _connectionWindow += BinaryPrimitives.ReadInt32BigEndian(payload);
                return true;
            case 8:
                _streamWindow += BinaryPrimitives.ReadInt32BigEndian(payload);
                return true;
            default:
                return true;
        }
    }

    private void TakeSettings(ReadOnlySpan<byte> payload)
    {
        for (; payload.Length >= 6; payload = payload[6..])
        {
            if (BinaryPrimitives.ReadUInt16BigEndian(payload) == 4)
            {
                var value = BinaryPrimitives.ReadInt32BigEndian(payload[2..]);
                _streamWindow += value - _initialWindow;
                _initialWindow = value;
            }
        }
    }

    private void TakeData(ReadOnlySpan<byte> payload, Action<ReadOnlySpan<byte>> onMessage)
    {
        BytesReceived += payload.Length;
        _unacknowledged += payload.Length;
        if (_unacknowledged > Window / 2)
        {
            WriteWindowUpdate(stream: 0, _unacknowledged);
            WriteWindowUpdate(stream: 1, _unacknowledged);
            _unacknowledged = 0;
        }

        while (!payload.IsEmpty)
        {
            if (_messageFilled == 0 && WholeMessage(payload) is > 0 and var whole)
            {
                onMessage(payload[5..whole]);
                payload = payload[whole..];
                continue;
            }

            var wanted = _messageFilled < 5 ? 5 : 5 + BinaryPrimitives.ReadInt32BigEndian(_message.AsSpan(1));
            Reserve(wanted);
            var part = Math.Min(wanted - _messageFilled, payload.Length);
            payload[..part].CopyTo(_message.AsSpan(_messageFilled));
            _messageFilled += part;
            payload = payload[part..];
            if (wanted > 5 && _messageFilled == wanted)
            {
                onMessage(_message.AsSpan(5, wanted - 5));
                ArrayPool<byte>.Shared.Return(_message);
                (_message, _messageFilled) = ([], 0);
            }
        }
    }

    private static int WholeMessage(ReadOnlySpan<byte> payload) =>
        payload.Length >= 5 && 5 + BinaryPrimitives.ReadInt32BigEndian(payload[1..]) is var length && length <= payload.Length ? length : 0;

    private void Reserve(int size)
    {
        if (_message.Length >= size)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(size);
        _message.AsSpan(0, _messageFilled).CopyTo(larger);
        if (_message.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_message);
        }

        _message = larger;
    }

    private void WriteWindowUpdate(int stream, int increment)
    {
        Span<byte> payload = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(payload, increment);
        WriteFrame(type: 8, flags: 0, stream, payload);
    }

    private void WriteFrame(byte type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        var frame = _out.GetSpan(FrameHeader + payload.Length);
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        frame[3] = type;
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame[5..], stream);
        payload.CopyTo(frame[FrameHeader..]);
        _out.Advance(FrameHeader + payload.Length);
    }

    private static void WriteLiteral(ArrayBufferWriter<byte> headers, ReadOnlySpan<byte> name, string value)
    {
        headers.Write(name);
        headers.Write((ReadOnlySpan<byte>)[checked((byte)value.Length)]);
        headers.Write(Encoding.ASCII.GetBytes(value));
    }
}
