using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace ProxylessMesh.Client.NameResolution;

/// <summary>One question to one server: over UDP, and again over TCP where the answer did not fit (RFC 1035, 4.2).</summary>
internal static class DnsExchange
{
    /// <summary>As long as a datagram can be; we ask for no more than 512 bytes, and some servers send more.</summary>
    private const int MaxDatagram = 4096;

    /// <exception cref="SocketException">The server cannot be reached, or closes the connection.</exception>
    public static async Task<DnsResponse> AskAsync(IPEndPoint server, DnsQuery query, CancellationToken cancellationToken)
    {
        var question = query.ToBytes();
        var response = await AskOverUdpAsync(server, query, question, cancellationToken).ConfigureAwait(false);
        return response.Truncated ? await AskOverTcpAsync(server, query, question, cancellationToken).ConfigureAwait(false) : response;
    }

    /// <summary>
    /// The socket is new, so its port is the system's random choice, and connected, so the system drops what others send. What
    /// does not answer our question is passed over: waiting for the right one costs no more than the time-out.
    /// </summary>
    private static async Task<DnsResponse> AskOverUdpAsync(IPEndPoint server, DnsQuery query, byte[] question, CancellationToken cancellationToken)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(server, cancellationToken).ConfigureAwait(false);
        await socket.SendAsync(question, cancellationToken).ConfigureAwait(false);
        var buffer = new byte[MaxDatagram];
        while (true)
        {
            var length = await socket.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (DnsResponseParser.Parse(buffer.AsSpan(0, length), query) is { } response)
            {
                return response;
            }
        }
    }

    private static async Task<DnsResponse> AskOverTcpAsync(IPEndPoint server, DnsQuery query, byte[] question, CancellationToken cancellationToken)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server, cancellationToken).ConfigureAwait(false);
        var stream = new NetworkStream(socket);
        await using (stream.ConfigureAwait(false))
        {
            var framed = new byte[question.Length + 2];
            BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)question.Length);
            question.CopyTo(framed, 2);
            await stream.WriteAsync(framed, cancellationToken).ConfigureAwait(false);
            try
            {
                await stream.ReadExactlyAsync(framed.AsMemory(0, 2), cancellationToken).ConfigureAwait(false);
                var answer = new byte[BinaryPrimitives.ReadUInt16BigEndian(framed)];
                await stream.ReadExactlyAsync(answer, cancellationToken).ConfigureAwait(false);
                return DnsResponseParser.Parse(answer, query) is { Truncated: false } response ? response : throw new SocketException((int)SocketError.NoRecovery, "its answer over TCP cannot be read");
            }
            catch (IOException e)
            {
                throw e.InnerException as SocketException ?? new SocketException((int)SocketError.ConnectionReset, "it closed the connection");
            }
        }
    }
}
