using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace ProxylessMesh.Server.Listening;

/// <summary>Looks at a connection's first bytes and leaves them where they are.</summary>
internal sealed class ConnectionSniffer(TimeProvider time)
{
    /// <summary>A client that connects sends at once; Kestrel gives a TLS handshake as long.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>Silent connections kept at a time. One more ends the oldest, so that they never keep out a client that speaks.</summary>
    public const int MaxSilent = 4096;

    private const byte TlsHandshakeRecord = 0x16;

    private readonly SilentConnections _silent = new(MaxSilent);

    public ValueTask<ConnectionKind> SniffAsync(ConnectionContext connection) => SniffAsync(connection, Timeout);

    /// <param name="connection">Whose bytes.</param>
    /// <param name="patience">How long it may stay silent.</param>
    public async ValueTask<ConnectionKind> SniffAsync(ConnectionContext connection, TimeSpan patience)
    {
        var input = connection.Transport.Input;
        if (input.TryRead(out var first))
        {
            var examined = first.Buffer.Length;
            var kind = Decide(first.Buffer, first.IsCompleted);
            input.AdvanceTo(first.Buffer.Start, kind is null ? first.Buffer.End : first.Buffer.Start);
            return kind ?? await WaitAsync(connection, examined, patience).ConfigureAwait(false);
        }

        return await WaitAsync(connection, examined: 0, patience).ConfigureAwait(false);
    }

    private async Task<ConnectionKind> WaitAsync(ConnectionContext connection, long examined, TimeSpan limit)
    {
        using var patience = new CancellationTokenSource(limit, time);
        var place = _silent.Enter(patience);
        try
        {
            var input = connection.Transport.Input;
            while (true)
            {
                var read = await input.ReadAsync(patience.Token).ConfigureAwait(false);
                var kind = read.IsCanceled ? ConnectionKind.Unknown : Decide(read.Buffer, read.IsCompleted);

                // A pipe wakes its next reader only for bytes that were not examined, and examined bytes cannot be given back.
                input.AdvanceTo(read.Buffer.Start, kind is null ? read.Buffer.End : read.Buffer.GetPosition(examined));
                if (kind is { } decided)
                {
                    return decided;
                }

                examined = read.Buffer.Length;
            }
        }
        catch (OperationCanceledException)
        {
            return ConnectionKind.Unknown;
        }
        catch (Exception failure) when (failure is IOException or InvalidOperationException)
        {
            // Reset by the peer, or aborted by the server, before it said anything.
            return ConnectionKind.Unknown;
        }
        finally
        {
            _silent.Leave(place);
        }
    }

    // Null: more bytes are needed.
    private static ConnectionKind? Decide(in ReadOnlySequence<byte> buffer, bool ended)
    {
        Span<byte> start = stackalloc byte[4];
        var length = (int)Math.Min(buffer.Length, start.Length);
        buffer.Slice(0, length).CopyTo(start);
        start = start[..length];

        if (length == 0)
        {
            return ended ? ConnectionKind.Unknown : null;
        }

        if (start[0] == TlsHandshakeRecord)
        {
            return ConnectionKind.Tls;
        }

        if (!"PRI "u8.StartsWith(start))
        {
            return ConnectionKind.Http1;
        }

        return length == 4 ? ConnectionKind.Http2 : ended ? ConnectionKind.Unknown : null;
    }
}
