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

    /// <param name="connection">Whose bytes are looked at.</param>
    /// <param name="onlyTls">Whether all that is no TLS is <see cref="ConnectionKind.Opaque"/>. One byte tells.</param>
    /// <param name="silence">After this long a client that has sent nothing is <see cref="ConnectionKind.Opaque"/>; null: unknown, after <see cref="Timeout"/>.</param>
    public async ValueTask<ConnectionKind> SniffAsync(ConnectionContext connection, bool onlyTls = false, TimeSpan? silence = null)
    {
        var input = connection.Transport.Input;
        if (input.TryRead(out var first))
        {
            var examined = first.Buffer.Length;
            var kind = Decide(first.Buffer, first.IsCompleted, onlyTls);
            input.AdvanceTo(first.Buffer.Start, kind is null ? first.Buffer.End : first.Buffer.Start);
            return kind ?? await WaitAsync(connection, examined, onlyTls, silence).ConfigureAwait(false);
        }

        return await WaitAsync(connection, examined: 0, onlyTls, silence).ConfigureAwait(false);
    }

    private async Task<ConnectionKind> WaitAsync(ConnectionContext connection, long examined, bool onlyTls, TimeSpan? silence)
    {
        using var patience = new CancellationTokenSource(silence ?? Timeout, time);
        var place = _silent.Enter(patience);
        try
        {
            var input = connection.Transport.Input;
            while (true)
            {
                var read = await input.ReadAsync(patience.Token).ConfigureAwait(false);
                var kind = read.IsCanceled ? ConnectionKind.Unknown : Decide(read.Buffer, read.IsCompleted, onlyTls);

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
            // Not one that had to make room, and not one whose bytes would stay unread (above).
            return silence is not null && examined == 0 && place.List is not null ? ConnectionKind.Opaque : ConnectionKind.Unknown;
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
    private static ConnectionKind? Decide(in ReadOnlySequence<byte> buffer, bool ended, bool onlyTls)
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

        if (onlyTls)
        {
            return ConnectionKind.Opaque;
        }

        if (!"PRI "u8.StartsWith(start))
        {
            return ConnectionKind.Http1;
        }

        return length == 4 ? ConnectionKind.Http2 : ended ? ConnectionKind.Unknown : null;
    }
}
