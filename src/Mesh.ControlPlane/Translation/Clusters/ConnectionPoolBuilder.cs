using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.ControlPlane.Resources;
using HttpOptions = Envoy.Extensions.Upstreams.Http.V3.HttpProtocolOptions;
using KeepaliveMessage = Envoy.Config.Core.V3.TcpKeepalive;

namespace ProxylessMesh.ControlPlane.Translation.Clusters;

/// <summary>connectionPool but its limits: keepalive, and HttpProtocolOptions when there is something to say.</summary>
internal static class ConnectionPoolBuilder
{
    private const string HttpOptionsKey = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

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

        if (HttpOptionsOf(pool) is { } options)
        {
            cluster.TypedExtensionProtocolOptions.Add(HttpOptionsKey, Any.Pack(options));
        }
    }

    private static HttpOptions? HttpOptionsOf(ConnectionPool pool)
    {
        if (pool is { IdleTimeout: null, MaxConnectionDuration: null, MaxRequestsPerConnection: null, UpgradeToHttp2: false, UseClientProtocol: false, Http2Keepalive: null })
        {
            return null;
        }

        var options = new HttpOptions
        {
            CommonHttpProtocolOptions = new HttpProtocolOptions
            {
                IdleTimeout = pool.IdleTimeout?.ToDuration(),
                MaxConnectionDuration = pool.MaxConnectionDuration?.ToDuration(),
                MaxRequestsPerConnection = (uint?)pool.MaxRequestsPerConnection,
            },
        };
        var http2 = new Http2ProtocolOptions();
        if (pool.Http2Keepalive is { } keepalive)
        {
            http2.ConnectionKeepalive = new KeepaliveSettings { Interval = keepalive.Interval.ToDuration(), Timeout = keepalive.Timeout.ToDuration() };
        }

        if (pool is { UpgradeToHttp2: true, UseClientProtocol: false })
        {
            options.ExplicitHttpConfig = new HttpOptions.Types.ExplicitHttpConfig { Http2ProtocolOptions = http2 };
        }
        else
        {
            options.UseDownstreamProtocolConfig = new HttpOptions.Types.UseDownstreamHttpConfig { Http2ProtocolOptions = http2 };
        }

        return options;
    }

    private static uint? Seconds(TimeSpan? time) => time is { } value ? (uint)Math.Clamp(Math.Ceiling(value.TotalSeconds), 1, short.MaxValue) : null;
}
