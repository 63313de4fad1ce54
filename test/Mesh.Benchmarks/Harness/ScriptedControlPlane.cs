using Envoy.Config.Core.V3;
using Envoy.Config.Cluster.V3;
using Envoy.Config.Endpoint.V3;
using Envoy.Config.Listener.V3;
using Envoy.Config.Route.V3;
using Envoy.Extensions.Filters.Http.Router.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Envoy.Service.Discovery.V3;
using Envoy.Type.Matcher.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Translation;
using ProxylessMesh.ControlPlane.Translation.Tls;
using ProxylessMesh.Xds.Ads;
using TlsSettings = ProxylessMesh.ControlPlane.Resources.TlsSettings;

namespace ProxylessMesh.Benchmarks.Harness;

/// <summary>An ADS stream in this process that answers every request with one service: the client's own protocol code runs, without a network.</summary>
internal sealed class ScriptedControlPlane(string listener, Uri upstream, ScriptedPolicies policies) : IAdsTransport
{
    private const string ClusterName = "outbound|80||bench.default.svc.cluster.local";

    public string Name => "scripted";

    public XdsServerFeatures Features => XdsServerFeatures.None;

    public Task<IAdsStream> OpenAsync(CancellationToken cancellationToken) => Task.FromResult<IAdsStream>(new ScriptedStream(Resource));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Any Resource(string typeUrl) => typeUrl switch
    {
        var t when t.EndsWith(".Listener", StringComparison.Ordinal) => Any.Pack(Listener()),
        var t when t.EndsWith(".RouteConfiguration", StringComparison.Ordinal) => Any.Pack(Routes()),
        var t when t.EndsWith(".Cluster", StringComparison.Ordinal) => Any.Pack(Cluster()),
        _ => Any.Pack(Endpoints()),
    };

    private Listener Listener() => new()
    {
        Name = listener,
        ApiListener = new ApiListener
        {
            ApiListener_ = Any.Pack(new HttpConnectionManager
            {
                Rds = new Rds { RouteConfigName = ClusterName, ConfigSource = new ConfigSource { Ads = new AggregatedConfigSource() } },
                HttpFilters = { new HttpFilter { Name = "envoy.filters.http.router", TypedConfig = Any.Pack(new Router()) } },
            }),
        },
    };

    private RouteConfiguration Routes()
    {
        var header = new Route
        {
            Name = "header",
            Match = new RouteMatch { Prefix = "/" },
            Route_ = new RouteAction { Cluster = ClusterName },
        };
        header.Match.Headers.Add(new HeaderMatcher { Name = "end-user", StringMatch = new() { Exact = "jason" } });
        var forward = new RouteAction
        {
            Cluster = ClusterName,

            // As Istio writes it: no timeout unless a VirtualService asks for one.
            Timeout = policies.HasFlag(ScriptedPolicies.Limits) ? Duration.FromTimeSpan(TimeSpan.FromSeconds(30)) : new Duration(),
            RetryPolicy = new Envoy.Config.Route.V3.RetryPolicy
            {
                RetryOn = "connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes",
                NumRetries = 2,
                RetryHostPredicate = { new Envoy.Config.Route.V3.RetryPolicy.Types.RetryHostPredicate { Name = "envoy.retry_host_predicates.previous_hosts" } },
            },
        };
        return new RouteConfiguration
        {
            Name = ClusterName,
            VirtualHosts =
            {
                new VirtualHost
                {
                    Name = "bench",
                    Domains = { "*" },
                    Routes = { header, new Route { Name = "default", Match = new RouteMatch { Prefix = "/" }, Route_ = forward } },
                    IncludeRequestAttemptCount = true,
                },
            },
        };
    }

    private Cluster Cluster() => new()
    {
        Name = ClusterName,
        Type = Envoy.Config.Cluster.V3.Cluster.Types.DiscoveryType.Eds,
        EdsClusterConfig = new Cluster.Types.EdsClusterConfig { EdsConfig = new ConfigSource { Ads = new AggregatedConfigSource() }, ServiceName = ClusterName },
        LbPolicy = Envoy.Config.Cluster.V3.Cluster.Types.LbPolicy.LeastRequest,
        OutlierDetection = new OutlierDetection { Consecutive5Xx = 5 },

        CircuitBreakers = new CircuitBreakers
        {
            Thresholds =
            {
                new CircuitBreakers.Types.Thresholds { MaxConnections = Limit, MaxPendingRequests = Limit, MaxRequests = Limit, MaxRetries = Limit },
            },
        },
        Http2ProtocolOptions = policies.HasFlag(ScriptedPolicies.UpgradeToHttp2) ? new Http2ProtocolOptions() : null,
        TransportSocket = policies.HasFlag(ScriptedPolicies.MutualTls)
            ? TlsContexts.Upstream(ProxyProfile.Mesh, TlsSettings.Usual, [new StringMatcher { Exact = BenchmarkCertificates.Id }], "bench")
            : null,
    };

    /// <summary>As Istio writes it: none unless a DestinationRule sets one.</summary>
    private uint Limit => policies.HasFlag(ScriptedPolicies.Limits) ? 1024 : uint.MaxValue;

    private ClusterLoadAssignment Endpoints() => new()
    {
        ClusterName = ClusterName,
        Endpoints =
        {
            new LocalityLbEndpoints
            {
                Locality = new Locality { Region = "here" },
                LoadBalancingWeight = 1,
                LbEndpoints =
                {
                    new LbEndpoint
                    {
                        Endpoint = new Endpoint { Address = new Address { SocketAddress = new SocketAddress { Address = upstream.Host, PortValue = (uint)upstream.Port } } },
                    },
                },
            },
        },
    };
}
