using System.Globalization;
using Envoy.Config.Cluster.V3;
using Envoy.Config.Common.Matcher.V3;
using Envoy.Config.Core.V3;
using Envoy.Config.Route.V3;
using Envoy.Type.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.ControlPlane.Resources;
using HttpOptions = Envoy.Extensions.Upstreams.Http.V3.HttpProtocolOptions;

namespace ProxylessMesh.ControlPlane.Translation.Clusters;

/// <summary>A cluster's HttpProtocolOptions, when there is something to say: of its connections, and of what is an error.</summary>
internal static class HttpOptionsBuilder
{
    private const string Key = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

    public static void Apply(Cluster cluster, ConnectionPool? pool, Resources.OutlierDetection? outliers)
    {
        var options = pool is null ? null : Connections(pool);
        if (outliers is { ErrorCodes.Count: > 0 })
        {
            options ??= new HttpOptions { UseDownstreamProtocolConfig = new() };
            options.OutlierDetection = new() { ErrorMatcher = Errors(outliers.ErrorCodes) };
        }

        if (options is not null)
        {
            cluster.TypedExtensionProtocolOptions.Add(Key, Any.Pack(options));
        }
    }

    private static HttpOptions? Connections(ConnectionPool pool)
    {
        if (pool is
            {
                IdleTimeout: null, MaxConnectionDuration: null, MaxRequestsPerConnection: null, UpgradeToHttp2: false, UseClientProtocol: false,
                Http2Keepalive: null, MaxConcurrentStreams: null,
            })
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
        var http2 = new Http2ProtocolOptions { MaxConcurrentStreams = (uint?)pool.MaxConcurrentStreams };
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

    /// <summary>Envoy's matcher takes the place of its rule that 5xx are errors; Istio's codes come on top of it.</summary>
    private static MatchPredicate Errors(IReadOnlyList<int> codes)
    {
        var any = new MatchPredicate.Types.MatchSet();
        any.Rules.Add(Status(new HeaderMatcher { RangeMatch = new Int64Range { Start = 500, End = 600 } }));
        any.Rules.Add(codes.Select(c => Status(new HeaderMatcher { StringMatch = new() { Exact = c.ToString(CultureInfo.InvariantCulture) } })));
        return new MatchPredicate { OrMatch = any };
    }

    private static MatchPredicate Status(HeaderMatcher matcher)
    {
        matcher.Name = ":status";
        return new MatchPredicate { HttpResponseHeadersMatch = new HttpHeadersMatch { Headers = { matcher } } };
    }
}
