using Envoy.Config.Core.V3;
using Envoy.Config.Route.V3;
using Envoy.Type.Matcher.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources;
using static ProxylessMesh.Xds.Tests.Resources.Decoding;

namespace ProxylessMesh.Xds.Tests.Resources.Routes;

/// <summary>gRFC A28 (weights) and A31 (max_stream_duration); route_components.proto, RouteAction.</summary>
public sealed class RouteActionDecoderTests
{
    private const string Action = "virtual_hosts[0].routes[0].route";

    private static readonly Dictionary<string, (Action<RouteAction> Break, string Error)> Broken = new()
    {
        ["cluster without name"] = (a => a.Cluster = "", "cluster: must not be empty"),
        ["no clusters"] = (a => a.WeightedClusters.Clusters.Clear(), "weighted_clusters.clusters: weights must add up"),
        ["all weights 0"] = (a => SetWeights(a, 0, 0), "weighted_clusters.clusters: weights must add up"),
        ["weights too large"] = (a => SetWeights(a, uint.MaxValue, 1), "weighted_clusters.clusters: weights must add up"),
        ["weighted cluster without name"] = (a => a.WeightedClusters.Clusters[1].Name = "", "weighted_clusters.clusters[1].name: must not be empty"),
        ["timeout negative"] = (a => a.Timeout = new Duration { Seconds = -1 }, "timeout: must not be negative"),
        ["idle timeout negative"] = (a => a.IdleTimeout = new Duration { Seconds = -1 }, "idle_timeout: must not be negative"),
        ["gRPC maximum negative"] = (
            a => a.MaxStreamDuration.GrpcTimeoutHeaderMax = new Duration { Nanos = -1 }, "max_stream_duration.grpc_timeout_header_max: must not be negative"),
        ["several requests at first"] = (a => a.HedgePolicy = new HedgePolicy { InitialRequests = 2 }, "hedge_policy.initial_requests: is not supported"),
        ["no request at first"] = (a => a.HedgePolicy = new HedgePolicy { InitialRequests = 0 }, "hedge_policy.initial_requests: must be at least 1"),
        ["requests by chance"] = (
            a => a.HedgePolicy = new HedgePolicy { AdditionalRequestChance = new() { Numerator = 1 } }, "hedge_policy.additional_request_chance: is not supported"),
        ["stream duration negative"] = (
            a => a.MaxStreamDuration.MaxStreamDuration_ = new Duration { Nanos = -1 }, "max_stream_duration.max_stream_duration: must not be negative"),
    };

    private static readonly Dictionary<string, (Action<RouteAction> Change, string Reason)> Unsupported = new()
    {
        ["cluster by header"] = (a => a.ClusterHeader = "x", "cluster_header"),
        ["cluster by plug-in"] = (a => a.ClusterSpecifierPlugin = "x", "cluster_specifier_plugin"),
        ["cluster by something new"] = (a => a.ClearClusterSpecifier(), "this kind of cluster_specifier"),
        ["weights by header"] = (a => a.WeightedClusters.HeaderName = "x", "header_name"),
        ["weights by hash"] = (a => a.WeightedClusters.UseHashPolicy = true, "use_hash_policy"),
        ["weighted cluster by header"] = (
            a =>
            {
                a.WeightedClusters.Clusters[0].Name = "";
                a.WeightedClusters.Clusters[0].ClusterHeader = "x";
            },
            "cluster_header"),
        ["weighted cluster's subset"] = (a => a.WeightedClusters.Clusters[0].MetadataMatch = Subset(), "metadata_match"),
        ["subset"] = (a => a.MetadataMatch = Subset(), "metadata_match"),
        ["rewrite extension"] = (a => a.PathRewritePolicy = new TypedExtensionConfig(), "path_rewrite_policy"),
        ["path rewrite"] = (a => a.PathRewrite = "/x", "path_rewrite"),
        ["host rewrite by header"] = (a => a.HostRewriteHeader = "x", "host_rewrite_specifier"),
        ["host rewrite by endpoint"] = (a => a.AutoHostRewrite = true, "auto_host_rewrite"),
        ["internal redirect"] = (
            a => a.InternalRedirectAction = RouteAction.Types.InternalRedirectAction.HandleInternalRedirect, "internal_redirect_action"),
        ["retry extension"] = (a => a.RetryPolicyTypedConfig = new Any(), "retry_policy_typed_config"),
        ["rate limits"] = (a => a.RateLimits.Add(new RateLimit()), "rate_limits"),
        ["internal redirect policy"] = (a => a.InternalRedirectPolicy = new(), "internal_redirect_policy"),
        ["CONNECT"] = (a => a.UpgradeConfigs.Add(new RouteAction.Types.UpgradeConfig { UpgradeType = "CONNECT", ConnectConfig = new() }), "upgrade_configs"),
        ["upgrades switched off"] = (a => a.UpgradeConfigs.Add(new RouteAction.Types.UpgradeConfig { UpgradeType = "websocket", Enabled = false }), "upgrade_configs"),
    };

    public static TheoryData<string> BrokenNames => [.. Broken.Keys];

    public static TheoryData<string> UnsupportedNames => [.. Unsupported.Keys];

    [Theory]
    [MemberData(nameof(BrokenNames))]
    public void Refuses(string name) =>
        AssertError(ResourceKinds.Route, IstioShapes.Routes(Broken[name].Break), $"{Action}.{Broken[name].Error}");

    [Theory]
    [MemberData(nameof(UnsupportedNames))]
    public void Cannot(string name) =>
        Assert.Equal(new UnsupportedActionConfig($"{Unsupported[name].Reason} is not supported"), Decoded(Unsupported[name].Change));

    [Fact]
    public void Clusters()
    {
        Assert.Equal([new WeightedClusterConfig("c", 1)], Forward(a => a.Cluster = "c").Clusters);
        Assert.Equal([new WeightedClusterConfig(IstioShapes.Reviews, 10)], Forward(a => SetWeights(a, 0, 10)).Clusters);
    }

    /// <summary>Whichever is shorter counts; 0 is none; saying nothing is Envoy's 15 s.</summary>
    [Theory]
    [InlineData(null, null, 15.0)]
    [InlineData(0.0, null, null)]
    [InlineData(null, 0.0, null)]
    [InlineData(0.0, 0.0, null)]
    [InlineData(3.0, null, 3.0)]
    [InlineData(null, 4.0, 4.0)]
    [InlineData(3.0, 0.0, 3.0)]
    [InlineData(0.0, 4.0, 4.0)]
    [InlineData(3.0, 4.0, 3.0)]
    [InlineData(4.0, 3.0, 3.0)]
    public void Timeouts(double? timeout, double? stream, double? expected)
    {
        var forward = Forward(a =>
        {
            a.Timeout = timeout is { } t ? Seconds(t) : null;
            a.MaxStreamDuration = stream is { } s ? new() { MaxStreamDuration_ = Seconds(s) } : null;
        });

        Assert.Equal(expected is { } e ? TimeSpan.FromSeconds(e) : null, forward.Timeout);
    }

    [Fact]
    public void A_timeout_is_never_rounded_to_none_nor_beyond_what_a_timer_can_run()
    {
        Assert.Equal(TimeSpan.FromTicks(1), Forward(a => a.Timeout = new Duration { Nanos = 1 }).Timeout);
        Assert.Equal(TimeSpan.FromMilliseconds(int.MaxValue), Forward(a => a.Timeout = new Duration { Seconds = 315_576_000_000 }).Timeout);
    }

    /// <summary>gRFC A31: grpc_timeout_header_max takes the place of max_stream_duration, not of the timeout.</summary>
    [Theory]
    [InlineData(null, 5.0, 5.0)]
    [InlineData(3.0, 5.0, 3.0)]
    [InlineData(3.0, 0.0, 3.0)]
    [InlineData(0.0, 0.0, 0.0)]
    public void Grpc_timeouts(double? timeout, double headerMax, double expected) => Assert.Equal(
        new GrpcTimeoutConfig(TimeSpan.FromSeconds(expected), TimeSpan.FromSeconds(1)),
        Forward(a =>
        {
            a.Timeout = timeout is { } t ? Seconds(t) : null;
            a.MaxStreamDuration = new() { MaxStreamDuration_ = Seconds(2), GrpcTimeoutHeaderMax = Seconds(headerMax), GrpcTimeoutHeaderOffset = Seconds(1) };
        }).GrpcTimeout);

    /// <summary>As Istio wrote it for years.</summary>
    [Fact]
    public void The_older_grpc_timeout_takes_the_place_of_the_timeout() => Assert.Equal(
        new GrpcTimeoutConfig(TimeSpan.FromSeconds(9), TimeSpan.Zero),
        Forward(a => (a.Timeout, a.MaxGrpcTimeout) = (Seconds(3), Seconds(9))).GrpcTimeout);

    [Fact]
    public void The_routes_own_stream_duration_is_known_as_such()
    {
        Assert.True(Forward(a => a.MaxStreamDuration = new() { MaxStreamDuration_ = Seconds(0) }).OwnStreamDuration);
        Assert.False(Forward(a => a.MaxStreamDuration = null).OwnStreamDuration);
    }

    [Theory]
    [InlineData(true, 1.0, true)]
    [InlineData(true, null, false)]
    [InlineData(false, 1.0, false)]
    public void Hedging_needs_a_per_try_timeout(bool hedge, double? perTry, bool expected) => Assert.Equal(
        expected,
        Forward(a =>
        {
            a.HedgePolicy = new HedgePolicy { HedgeOnPerTryTimeout = hedge };
            a.RetryPolicy.PerTryTimeout = perTry is { } t ? Seconds(t) : null;
        }).HedgeOnPerTryTimeout);

    [Fact]
    public void Idle_timeout()
    {
        Assert.Equal(TimeSpan.FromSeconds(7), Forward(a => a.IdleTimeout = Seconds(7)).IdleTimeout);
        Assert.Null(Forward(_ => { }).IdleTimeout);
    }

    [Fact]
    public void What_only_tunes_is_ignored() => Assert.Equal(
        Forward(_ => { }),
        Forward(a =>
        {
            a.AutoHostRewrite = false;
            a.Priority = RoutingPriority.High;
            a.ClusterNotFoundResponseCode = RouteAction.Types.ClusterNotFoundResponseCode.InternalServerError;
        }));

    private static ForwardActionConfig Forward(Action<RouteAction> change) => Assert.IsType<ForwardActionConfig>(Decoded(change));

    private static RouteActionConfig Decoded(Action<RouteAction> change) =>
        Decode(ResourceKinds.Route, IstioShapes.Routes(change)).VirtualHosts[0].Routes[0].Action;

    private static void SetWeights(RouteAction action, uint first, uint second)
    {
        action.WeightedClusters.Clusters[0].Weight = first;
        action.WeightedClusters.Clusters[1].Weight = second;
    }

    private static Metadata Subset() => new() { FilterMetadata = { ["envoy.lb"] = new Struct() } };
}
