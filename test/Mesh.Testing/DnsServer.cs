using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ProxylessMesh.Testing;

/// <summary>A name server on a port of this machine, UDP and TCP. It answers what the test tells it to; a name that it was told nothing of does not exist.</summary>
public sealed class DnsServer : IAsyncDisposable
{
    /// <summary>Type numbers of RFC 1035 and RFC 3596.</summary>
    public const int A = 1;

    /// <summary>Of IPv6.</summary>
    public const int Aaaa = 28;

    private readonly ConcurrentDictionary<(string Name, int Type), Func<byte[], bool, byte[]?>> _answers = new();
    private readonly ConcurrentQueue<string> _questions = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Socket _udp = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Socket _tcp = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Task _running;

    /// <summary>Begins to listen.</summary>
    public DnsServer()
    {
        while (true)
        {
            _udp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            EndPoint = (IPEndPoint)_udp.LocalEndPoint!;
            try
            {
                _tcp.Bind(EndPoint);
                break;
            }
            catch (SocketException)
            {
                _udp.Dispose();
                _udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            }
        }

        _tcp.Listen();
        _running = Task.WhenAll(ServeUdpAsync(), ServeTcpAsync());
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>What it was asked: <c>name type udp</c>.</summary>
    public IReadOnlyCollection<string> Questions => _questions;

    /// <summary>The name has these addresses from now on; none: it exists, without.</summary>
    public void Set(string name, int type, int seconds, params string[] addresses) =>
        _answers[(name, type)] = (question, _) => Answer(question, 0, [.. addresses.Select(a => Record(Pointer, type, seconds, IPAddress.Parse(a).GetAddressBytes()))]);

    /// <summary>As <see cref="Set"/>, but over UDP it only says that the answer does not fit.</summary>
    public void SetTruncated(string name, int type, int seconds, params string[] addresses) =>
        _answers[(name, type)] = (question, overTcp) => overTcp
            ? Answer(question, 0, [.. addresses.Select(a => Record(Pointer, type, seconds, IPAddress.Parse(a).GetAddressBytes()))])
            : Answer(question, 0x0200, []);

    /// <summary>The server answers with this code.</summary>
    public void Fail(string name, int type, int code) => _answers[(name, type)] = (question, _) => Answer(question, code, []);

    /// <summary>The server answers with whatever this makes of the question; null: not at all.</summary>
    public void Reply(string name, int type, Func<byte[], byte[]?> answer) => _answers[(name, type)] = (question, _) => answer(question);

    /// <summary>A message that answers a question.</summary>
    public static byte[] Answer(byte[] question, int flags, params byte[][] records)
    {
        var end = QuestionEnd(question);
        var message = question[..end];
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), (ushort)(0x8180 | flags));
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(6), (ushort)records.Length);
        return [.. message, .. records.SelectMany(r => r)];
    }

    /// <summary>One record.</summary>
    public static byte[] Record(byte[] owner, int type, long seconds, byte[] data)
    {
        var fixedPart = new byte[10];
        BinaryPrimitives.WriteUInt16BigEndian(fixedPart, (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(fixedPart.AsSpan(2), 1);
        BinaryPrimitives.WriteUInt32BigEndian(fixedPart.AsSpan(4), (uint)seconds);
        BinaryPrimitives.WriteUInt16BigEndian(fixedPart.AsSpan(8), (ushort)data.Length);
        return [.. owner, .. fixedPart, .. data];
    }

    /// <summary>A name without compression.</summary>
    public static byte[] Name(string name) => [.. name.Split('.').SelectMany(l => Encoding.ASCII.GetBytes(l).Prepend((byte)l.Length)), 0];

    /// <summary>The name of the question.</summary>
    public static byte[] Pointer { get; } = [0xC0, 12];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _udp.Dispose();
        _tcp.Dispose();
        await _running;
        _stop.Dispose();
    }

    private async Task ServeUdpAsync()
    {
        var buffer = new byte[4096];
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var received = await _udp.ReceiveFromAsync(buffer, EndPoint, _stop.Token);
                if (Respond(buffer[..received.ReceivedBytes], overTcp: false) is { } answer)
                {
                    await _udp.SendToAsync(answer, received.RemoteEndPoint, _stop.Token);
                }
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // Closed, or a caller that has gone.
            }
        }
    }

    private async Task ServeTcpAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var accepted = await _tcp.AcceptAsync(_stop.Token);
                await using var stream = new NetworkStream(accepted);
                var length = new byte[2];
                await stream.ReadExactlyAsync(length, _stop.Token);
                var question = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
                await stream.ReadExactlyAsync(question, _stop.Token);
                if (Respond(question, overTcp: true) is { } answer)
                {
                    BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)answer.Length);
                    await stream.WriteAsync((byte[])[.. length, .. answer], _stop.Token);
                }
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException or IOException)
            {
                // Closed, or a caller that has gone.
            }
        }
    }

    private byte[]? Respond(byte[] question, bool overTcp)
    {
        var (name, type) = Read(question);
        _questions.Enqueue($"{name} {type} {(overTcp ? "tcp" : "udp")}");
        return _answers.TryGetValue((name, type), out var answer) ? answer(question, overTcp) : Answer(question, 3);
    }

    private static (string Name, int Type) Read(byte[] question)
    {
        var labels = new List<string>();
        var at = 12;
        while (question[at] != 0)
        {
            labels.Add(Encoding.ASCII.GetString(question, at + 1, question[at]));
            at += 1 + question[at];
        }

        return (string.Join('.', labels), BinaryPrimitives.ReadUInt16BigEndian(question.AsSpan(at + 1)));
    }

    private static int QuestionEnd(byte[] question)
    {
        var at = 12;
        while (question[at] != 0)
        {
            at += 1 + question[at];
        }

        return at + 5;
    }
}
