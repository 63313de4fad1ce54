using Envoy.Config.Cluster.V3;
using ProxylessMesh.ControlPlane.Resources;
using KeepaliveMessage = Envoy.Config.Core.V3.TcpKeepalive;

namespace ProxylessMesh.ControlPlane.Translation.Clusters;

/// <summary>connectionPool but its limits and what is HTTP: the keepalive of sockets.</summary>
internal static class ConnectionPoolBuilder
{
    public static void Apply(Cluster cluster, ConnectionPool? pool)
    {
        if (pool is null)
        {
            return;
        }

        if (pool.Keepalive is { } keepalive)
        {
            cluster.UpstreamConnectionOptions = new UpstreamConnectionOptions
            {
                TcpKeepalive = new KeepaliveMessage
                {
                    KeepaliveProbes = (uint?)keepalive.Probes,
                    KeepaliveTime = Seconds(keepalive.Time),
                    KeepaliveInterval = Seconds(keepalive.Interval),
                },
            };
        }
    }

    private static uint? Seconds(TimeSpan? time) => time is { } value ? (uint)Math.Clamp(Math.Ceiling(value.TotalSeconds), 1, short.MaxValue) : null;
}
