using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace ProxylessMesh.Server.Listening;

/// <summary>The open plaintext connections of a port, so that a policy that forbids them can end them.</summary>
internal sealed class PlaintextConnections(TimeProvider time)
{
    /// <summary>What a request in flight gets before its connection is cut.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<ConnectionContext, bool> _open = new(ReferenceEqualityComparer.Instance);

    public void Add(ConnectionContext connection) => _open.TryAdd(connection, true);

    public void Remove(ConnectionContext connection) => _open.TryRemove(connection, out _);

    /// <summary>Idle connections end now, those with requests when these are done, and the rest after <see cref="Grace"/>.</summary>
    /// <returns>How many were open.</returns>
    public int CloseAll()
    {
        var closing = _open.Keys.ToArray();
        foreach (var connection in closing)
        {
            connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
        }

        if (closing.Length > 0)
        {
            _ = CutAsync(closing);
        }

        return closing.Length;
    }

    private async Task CutAsync(ConnectionContext[] closing)
    {
        await Task.Delay(Grace, time, CancellationToken.None).ConfigureAwait(false);
        foreach (var connection in closing)
        {
            if (_open.ContainsKey(connection))
            {
                connection.Abort(new ConnectionAbortedException("The port's policy no longer accepts plaintext."));
            }
        }
    }
}
