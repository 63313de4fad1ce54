using System.Net;
using System.Net.Sockets;

namespace ProxylessMesh.Client.Connections;

/// <summary>
/// Connects to the first of several addresses that answers (RFC 8305; gRFC A61): they are tried in turn, families alternating,
/// each a quarter of a second after the one before it, or at once when that one has failed.
/// </summary>
internal static class HappyEyeballs
{
    /// <summary>RFC 8305, "Connection Attempt Delay".</summary>
    public static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(250);

    /// <exception cref="SocketException">None answers; the last one's reason.</exception>
    public static async Task<Socket> ConnectAsync(
        IReadOnlyList<IPEndPoint> addresses, Func<Socket> create, TimeProvider time, CancellationToken cancellationToken)
    {
        var order = Alternate(addresses);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = new List<Task<Socket>>(order.Count);
        var next = 0;
        try
        {
            while (true)
            {
                if (next < order.Count)
                {
                    running.Add(ConnectAsync(order[next++], create, stop.Token));
                }

                var ended = await FirstAsync(running, next < order.Count, time, stop.Token).ConfigureAwait(false);
                if (ended is { IsCompletedSuccessfully: true })
                {
                    running.Remove(ended);
                    return await ended.ConfigureAwait(false);
                }

                if (ended is not null)
                {
                    running.Remove(ended);
                    if (running.Count == 0 && next == order.Count)
                    {
                        return await ended.ConfigureAwait(false);
                    }
                }
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            foreach (var loser in running)
            {
                _ = CloseAsync(loser);
            }
        }
    }

    /// <summary>The family of the first address first, then one of each in turn (RFC 8305, 4).</summary>
    internal static List<IPEndPoint> Alternate(IReadOnlyList<IPEndPoint> addresses)
    {
        var first = addresses.Where(a => a.AddressFamily == addresses[0].AddressFamily).ToList();
        var second = addresses.Where(a => a.AddressFamily != addresses[0].AddressFamily).ToList();
        var order = new List<IPEndPoint>(addresses.Count);
        for (var i = 0; i < Math.Max(first.Count, second.Count); i++)
        {
            order.AddRange(first.Skip(i).Take(1));
            order.AddRange(second.Skip(i).Take(1));
        }

        return order;
    }

    /// <summary>The attempt that ended; null: it is time for another one.</summary>
    private static async Task<Task<Socket>?> FirstAsync(List<Task<Socket>> running, bool more, TimeProvider time, CancellationToken cancellationToken)
    {
        var any = Task.WhenAny(running);
        if (!more)
        {
            return await any.ConfigureAwait(false);
        }

        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var delay = Task.Delay(Delay, time, enough.Token);
        var isAttempt = await Task.WhenAny(any, delay).ConfigureAwait(false) == any;
        await enough.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return isAttempt ? await any.ConfigureAwait(false) : null;
    }

    private static async Task<Socket> ConnectAsync(IPEndPoint address, Func<Socket> create, CancellationToken cancellationToken)
    {
        var socket = create();
        try
        {
            await socket.ConnectAsync(address, cancellationToken).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task CloseAsync(Task<Socket> loser)
    {
        try
        {
            (await loser.ConfigureAwait(false)).Dispose();
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // It has not connected, which is as well.
        }
    }
}
