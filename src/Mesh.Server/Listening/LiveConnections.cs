using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using ProxylessMesh.Server.Peers;

namespace ProxylessMesh.Server.Listening;

/// <summary>The open connections of a port, so that a policy or a trust that no longer covers them can end them.</summary>
internal sealed class LiveConnections(TimeProvider time)
{
    /// <summary>What a request in flight gets before its connection is cut.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<ConnectionContext, InboundConnection> _open = new(ReferenceEqualityComparer.Instance);

    public void Add(ConnectionContext connection, InboundConnection inbound) => _open.TryAdd(connection, inbound);

    public void Remove(ConnectionContext connection) => _open.TryRemove(connection, out _);

    /// <summary>
    /// Ends those that the judge says: idle ones now, those with requests when these are done (GOAWAY, or the end of the
    /// connection after the response), and what is to be cut after <see cref="Grace"/>.
    /// </summary>
    /// <returns>How many were told to end.</returns>
    public int End(Func<ConnectionContext, InboundConnection, ConnectionEnd> judge, string reason)
    {
        var count = 0;
        List<ConnectionContext>? cut = null;
        foreach (var (connection, inbound) in _open)
        {
            var end = judge(connection, inbound);
            if (end == ConnectionEnd.Abort)
            {
                count++;
                connection.Abort(new ConnectionAbortedException(reason));
            }
            else if (end != ConnectionEnd.None)
            {
                count++;
                connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
            }

            if (end == ConnectionEnd.Cut)
            {
                (cut ??= []).Add(connection);
            }
        }

        if (cut is not null)
        {
            _ = CutAsync(cut, reason);
        }

        return count;
    }

    private async Task CutAsync(List<ConnectionContext> connections, string reason)
    {
        await Task.Delay(Grace, time, CancellationToken.None).ConfigureAwait(false);
        foreach (var connection in connections)
        {
            if (_open.ContainsKey(connection))
            {
                connection.Abort(new ConnectionAbortedException(reason));
            }
        }
    }
}
