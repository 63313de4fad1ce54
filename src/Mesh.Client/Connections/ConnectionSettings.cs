using System.Net.Sockets;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.Connections;

/// <summary>A cluster's connection settings in the terms of SocketsHttpHandler and sockets.</summary>
internal static class ConnectionSettings
{
    /// <summary>The least that SocketsHttpHandler accepts.</summary>
    private static readonly TimeSpan ShortestPing = TimeSpan.FromSeconds(1);

    public static SocketsHttpHandler Apply(ConnectionPoolConfig pool, SocketsHttpHandler handler)
    {
        if (pool.IdleTimeout is { } idle)
        {
            handler.PooledConnectionIdleTimeout = idle == TimeSpan.Zero ? Timeout.InfiniteTimeSpan : idle;
        }

        // A lifetime of zero closes each connection after its request.
        handler.PooledConnectionLifetime = pool.OneRequestPerConnection ? TimeSpan.Zero : pool.MaxConnectionDuration ?? Timeout.InfiniteTimeSpan;
        if (pool.Http2Keepalive is { } ping)
        {
            handler.KeepAlivePingDelay = AtLeast(ping.Interval);
            handler.KeepAlivePingTimeout = AtLeast(ping.Timeout);
            handler.KeepAlivePingPolicy = HttpKeepAlivePingPolicy.Always;
        }

        return handler;
    }

    public static void Apply(TcpKeepaliveConfig? keepalive, Socket socket)
    {
        if (keepalive is null)
        {
            return;
        }

        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        Set(SocketOptionName.TcpKeepAliveTime, keepalive.TimeSeconds);
        Set(SocketOptionName.TcpKeepAliveInterval, keepalive.IntervalSeconds);
        Set(SocketOptionName.TcpKeepAliveRetryCount, keepalive.Probes);

        void Set(SocketOptionName name, int? value)
        {
            if (value is { } number)
            {
                socket.SetSocketOption(SocketOptionLevel.Tcp, name, number);
            }
        }
    }

    private static TimeSpan AtLeast(TimeSpan time) => time < ShortestPing ? ShortestPing : time;
}
