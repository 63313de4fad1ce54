using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.Client.Connections;

/// <summary>
/// The open connections to endpoints. What a handshake found is judged again when roots, revocation lists or a cluster's TLS
/// settings change, as the server's side does with its callers: what no longer passes takes no new request at once, and is cut
/// after <see cref="Grace"/>.
/// </summary>
internal sealed partial class LiveUpstreams(TimeProvider time, ILogger logger)
{
    /// <summary>What a request in flight gets before its connection is cut.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<UpstreamStream, UpstreamConnection> _open = new(ReferenceEqualityComparer.Instance);

    /// <summary>From now on until it is closed.</summary>
    public void Add(UpstreamConnection connection)
    {
        _open[connection.Socket] = connection;
        connection.Socket.WhenClosed(this);
    }

    public void Remove(UpstreamStream closed) => _open.TryRemove(closed, out _);

    /// <summary>After roots or revocation lists have changed.</summary>
    public void Judge(TrustBundle bundle)
    {
        var renewed = new HashSet<(ClusterState, EndpointKey)>();
        var cut = new List<UpstreamConnection>();
        foreach (var (_, connection) in _open)
        {
            var standing = connection.Ending ? PeerStanding.Trusted : connection.Judge(bundle, time);
            if (standing != PeerStanding.Trusted && !connection.Draining)
            {
                connection.Draining = true;
                renewed.Add((connection.Cluster, connection.Endpoint));
            }

            if (standing == PeerStanding.Untrusted)
            {
                cut.Add(connection);
            }
        }

        foreach (var (cluster, endpoint) in renewed)
        {
            cluster.Renew(endpoint);
        }

        if (cut.Count > 0)
        {
            End(cut);
            Log.TrustChanged(logger, cut.Count, Names(cut));
        }
    }

    /// <summary>After an update of a cluster. Nothing new goes over what it does not cover; who calls an endpoint that is gone may finish.</summary>
    public void Judge(ClusterState cluster)
    {
        var connections = _open.Values.Where(c => c.Cluster == cluster && !c.Ending).ToList();
        if (connections.Count == 0)
        {
            return;
        }

        var settings = cluster.TlsOf([.. connections.Select(c => c.Address)]);
        connections.RemoveAll(c => !settings.TryGetValue(c.Address, out var tls) || c.IsAllowedBy(tls));
        if (connections.Count > 0)
        {
            End(connections);
            Log.SettingsChanged(logger, connections.Count, cluster.Name);
        }
    }

    private static string Names(List<UpstreamConnection> connections) => string.Join(", ", connections.Select(c => c.Cluster.Name).Distinct().Take(8));

    private void End(List<UpstreamConnection> connections)
    {
        foreach (var connection in connections)
        {
            connection.Ending = true;
        }

        _ = CutAsync(connections);
    }

    private async Task CutAsync(List<UpstreamConnection> connections)
    {
        await Task.Delay(Grace, time, CancellationToken.None).ConfigureAwait(false);
        foreach (var connection in connections)
        {
            await connection.Socket.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2850, LogLevel.Warning, "Roots or revocation lists have changed: {Count} connections to servers whose certificates they no longer cover are ended ({Clusters}).")]
        public static partial void TrustChanged(ILogger logger, int count, string clusters);

        [LoggerMessage(2851, LogLevel.Warning, "The TLS settings of {Cluster} have changed: {Count} connections that do not fit them are ended.")]
        public static partial void SettingsChanged(ILogger logger, int count, string cluster);
    }
}
