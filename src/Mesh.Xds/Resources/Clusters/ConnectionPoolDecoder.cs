using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using ProxylessMesh.Xds.Config;
using HttpOptions = Envoy.Extensions.Upstreams.Http.V3.HttpProtocolOptions;

namespace ProxylessMesh.Xds.Resources.Clusters;

/// <summary>
/// What a cluster says of its connections: upstream_connection_options, and HttpProtocolOptions, in whose place older servers
/// write fields of the cluster itself.
/// </summary>
internal static class ConnectionPoolDecoder
{
    public static ConnectionPoolConfig Decode(Cluster cluster, HttpOptions? options, DecodeContext context)
    {
        var pool = new ConnectionPoolConfig { TcpKeepalive = Keepalive(cluster.UpstreamConnectionOptions?.TcpKeepalive, context) };
        pool = Common(pool, cluster.CommonHttpProtocolOptions, cluster.MaxRequestsPerConnection, context);
        if (cluster.Http2ProtocolOptions is { } http2)
        {
            using (context.Enter("http2_protocol_options"))
            {
                pool = Http2(pool, http2, context) with { UpgradeToHttp2 = cluster.ProtocolSelection == Cluster.Types.ClusterProtocolSelection.UseConfiguredProtocol };
            }
        }

        if (options is not null)
        {
            using (context.Enter(HttpOptionsDecoder.Field))
            {
                pool = Typed(pool, options, context);
            }
        }

        return pool;
    }

    private static ConnectionPoolConfig Typed(ConnectionPoolConfig pool, HttpOptions options, DecodeContext context)
    {
        context.Refuse(options.HttpFilters.Count > 0, "http_filters");
        context.Refuse(options.HeaderValidationConfig is not null, "header_validation_config");
        context.Refuse(options.RequestMirrorPolicies.Count > 0, "request_mirror_policies");
        context.Refuse(options.HashPolicy.Count > 0, "hash_policy");
        context.Refuse(options.RetryPolicy is not null, "retry_policy");
        pool = Common(pool, options.CommonHttpProtocolOptions, null, context);
        switch (options.UpstreamProtocolOptionsCase)
        {
            case HttpOptions.UpstreamProtocolOptionsOneofCase.ExplicitHttpConfig when options.ExplicitHttpConfig.Http2ProtocolOptions is { } http2:
                using (context.Enter("explicit_http_config.http2_protocol_options"))
                {
                    return Http2(pool, http2, context) with { UpgradeToHttp2 = true };
                }

            case HttpOptions.UpstreamProtocolOptionsOneofCase.UseDownstreamProtocolConfig when options.UseDownstreamProtocolConfig.Http2ProtocolOptions is { } http2:
                using (context.Enter("use_downstream_protocol_config.http2_protocol_options"))
                {
                    return Http2(pool, http2, context) with { UpgradeToHttp2 = false };
                }

            default:
                // HTTP/1.1, which needs nothing: the caller's own version is used, so that a gRPC call stays one.
                return pool with { UpgradeToHttp2 = false };
        }
    }

    private static ConnectionPoolConfig Common(ConnectionPoolConfig pool, HttpProtocolOptions? common, uint? maxRequests, DecodeContext context)
    {
        using (context.Enter("common_http_protocol_options"))
        {
            context.Refuse(DurationReader.IsSet(common?.MaxStreamDuration), "max_stream_duration");
            var requests = common?.MaxRequestsPerConnection ?? maxRequests;
            return pool with
            {
                IdleTimeout = DurationReader.NotNegative(common?.IdleTimeout, "idle_timeout", context) ?? pool.IdleTimeout,
                MaxConnectionDuration = DurationReader.NotNegative(common?.MaxConnectionDuration, "max_connection_duration", context) switch
                {
                    { Ticks: 0 } => null,
                    var duration => duration ?? pool.MaxConnectionDuration,
                },
                OneRequestPerConnection = requests is null ? pool.OneRequestPerConnection : requests == 1,
                MaxRequestsPerConnection = requests switch
                {
                    null => pool.MaxRequestsPerConnection,
                    > 1 and < int.MaxValue => (int)requests,
                    _ => null,
                },
            };
        }
    }

    /// <summary>Istio writes 2^30 or more for "no limit" of streams.</summary>
    private static ConnectionPoolConfig Http2(ConnectionPoolConfig pool, Http2ProtocolOptions options, DecodeContext context)
    {
        const uint unlimited = 1 << 30;
        if (options.MaxConcurrentStreams is 0 or > int.MaxValue)
        {
            context.Error("max_concurrent_streams", $"must be 1 to {int.MaxValue}");
        }

        pool = pool with { MaxConcurrentStreams = options.MaxConcurrentStreams is < unlimited and var streams ? (int)streams : null };
        if (options.ConnectionKeepalive is not { } keepalive || !DurationReader.IsSet(keepalive.Interval))
        {
            return pool;
        }

        using (context.Enter("connection_keepalive"))
        {
            var interval = DurationReader.Positive(keepalive.Interval, "interval", context);
            var timeout = DurationReader.Positive(keepalive.Timeout, "timeout", context);
            if (keepalive.Timeout is null)
            {
                context.Error("timeout", "is missing");
            }

            return interval is null || timeout is null ? pool : pool with { Http2Keepalive = new Http2KeepaliveConfig(interval.Value, timeout.Value) };
        }
    }

    private static TcpKeepaliveConfig? Keepalive(TcpKeepalive? keepalive, DecodeContext context)
    {
        if (keepalive is null)
        {
            return null;
        }

        using (context.Enter("upstream_connection_options.tcp_keepalive"))
        {
            return new TcpKeepaliveConfig(
                Number(keepalive.KeepaliveProbes, "keepalive_probes", context),
                Number(keepalive.KeepaliveTime, "keepalive_time", context),
                Number(keepalive.KeepaliveInterval, "keepalive_interval", context));
        }
    }

    /// <summary>Operating systems take no more than 15 bits, and 0 would be refused by them.</summary>
    private static int? Number(uint? value, string field, DecodeContext context)
    {
        if (value is 0 or > (uint)short.MaxValue)
        {
            context.Error(field, $"must be 1 to {short.MaxValue}");
            return null;
        }

        return value is { } number ? (int)number : null;
    }
}
