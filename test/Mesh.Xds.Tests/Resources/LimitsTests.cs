using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using Envoy.Config.Endpoint.V3;
using Envoy.Config.Route.V3;
using Envoy.Extensions.Clusters.Aggregate.V3;
using Envoy.Extensions.Filters.Http.Fault.V3;
using Envoy.Type.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Xds.Resources;
using static ProxylessMesh.Xds.Tests.Resources.Decoding;
using LbPolicy = Envoy.Config.Cluster.V3.Cluster.Types.LbPolicy;

namespace ProxylessMesh.Xds.Tests.Resources;

/// <summary>
/// Every limit of routes, load balancing, endpoints, outlier detection, retries, circuit breakers and faults at one place: what
/// lies beyond is refused, with the field by name. The decoders' own tests have the details.
/// </summary>
public sealed class LimitsTests
{
    private static readonly Dictionary<string, (Action<RouteConfiguration> Break, string Field)> Routes = new()
    {
        ["a wildcard in the middle"] = (r => Host(r).Domains.Add("a.*.com"), "domains"),
        ["two hosts for everything"] = (
            r =>
            {
                Host(r).Domains.Add("*");
                r.VirtualHosts.Add(new VirtualHost { Name = "b", Domains = { "*" } });
            },
            "domains"),
        ["one domain in two cases"] = (r => r.VirtualHosts.Add(new VirtualHost { Name = "b", Domains = { "Reviews" } }), "domains"),
        ["a route that matches nothing in particular"] = (r => Route(r).Match = new RouteMatch(), "path_specifier"),
        ["a segment prefix with a fragment"] = (r => Route(r).Match = new RouteMatch { PathSeparatedPrefix = "/a#b" }, "path_separated_prefix"),
        ["an expression without end"] = (r => Route(r).Match = new RouteMatch { SafeRegex = new() { Regex = new string('(', 3000) } }, "safe_regex"),
        ["an expression that backtracks"] = (r => Route(r).Match = new RouteMatch { SafeRegex = new() { Regex = "(a)\\1" } }, "safe_regex"),
        ["an empty part of a header"] = (r => Route(r).Match.Headers.Add(new HeaderMatcher { Name = "a", ContainsMatch = "" }), "contains_match"),
        ["an empty prefix of a header"] = (r => Route(r).Match.Headers.Add(new HeaderMatcher { Name = "a", StringMatch = new() { Prefix = "" } }), "prefix"),
        ["an empty suffix of a header"] = (r => Route(r).Match.Headers.Add(new HeaderMatcher { Name = "a", StringMatch = new() { Suffix = "" } }), "suffix"),
        ["a segment prefix that ends in a slash"] = (r => Route(r).Match = new RouteMatch { PathSeparatedPrefix = "/a/" }, "path_separated_prefix"),
        ["a segment prefix with a query"] = (r => Route(r).Match = new RouteMatch { PathSeparatedPrefix = "/a?b" }, "path_separated_prefix"),
        ["a stream duration below 0"] = (r => Route(r).Route_.MaxStreamDuration = new() { MaxStreamDuration_ = new Duration { Seconds = -1 } }, "max_stream_duration"),
        ["a search for another host below 0"] = (r => Retry(r).HostSelectionRetryMaxAttempts = -1, "host_selection_retry_max_attempts"),
        ["a fault's status below HTTP"] = (r => Fault(r, new HTTPFault { Abort = new() { HttpStatus = 199 } }), "http_status"),
        ["a fault that does nothing in words"] = (r => Fault(r, new HTTPFault { Abort = new() }), "abort"),
        ["weights of 2^32"] = (
            r => Route(r).Route_.WeightedClusters = new() { Clusters = { Weighted(uint.MaxValue), Weighted(1) } }, "weighted_clusters"),
        ["weights of 0"] = (r => Route(r).Route_.WeightedClusters = new() { Clusters = { Weighted(0) } }, "weighted_clusters"),
        ["a timeout below 0"] = (r => Route(r).Route_.Timeout = new Duration { Seconds = -1 }, "timeout"),
        ["a timeout beyond time"] = (r => Route(r).Route_.Timeout = new Duration { Seconds = long.MaxValue }, "timeout"),
        ["a per-try timeout below 0"] = (r => Retry(r).PerTryTimeout = new Duration { Nanos = -1 }, "per_try_timeout"),
        ["a back-off from 0"] = (r => Retry(r).RetryBackOff = new() { BaseInterval = new Duration() }, "base_interval"),
        ["a back-off that shrinks"] = (r => Retry(r).RetryBackOff = new() { BaseInterval = Seconds(2), MaxInterval = Seconds(1) }, "max_interval"),
        ["a rate-limited back-off without header"] = (r => Retry(r).RateLimitedRetryBackOff = new(), "reset_headers"),
        ["a rate-limited back-off without time"] = (
            r => Retry(r).RateLimitedRetryBackOff = new() { ResetHeaders = { new RetryPolicy.Types.ResetHeader { Name = "a" } }, MaxInterval = new Duration() }, "max_interval"),
        ["a status to retry that is none"] = (r => Retry(r).RetriableStatusCodes.Add(1000), "retriable_status_codes"),
        ["a fault's delay of 0"] = (r => Fault(r, new HTTPFault { Delay = new() { FixedDelay = new Duration() } }), "fixed_delay"),
        ["a fault's status beyond HTTP"] = (r => Fault(r, new HTTPFault { Abort = new() { HttpStatus = 600 } }), "http_status"),
        ["a fault's status beyond gRPC"] = (r => Fault(r, new HTTPFault { Abort = new() { GrpcStatus = 17 } }), "grpc_status"),
        ["a fault's denominator"] = (
            r => Fault(r, new HTTPFault { Delay = new() { FixedDelay = Seconds(1), Percentage = new() { Denominator = (FractionalPercent.Types.DenominatorType)3 } } }), "denominator"),
    };

    private static readonly Dictionary<string, (Action<Cluster> Break, string Field)> Clusters = new()
    {
        ["a ring beyond 8M"] = (c => Ring(c, r => r.MaximumRingSize = (8 << 20) + 1), "maximum_ring_size"),
        ["a ring whose least is beyond 8M"] = (c => Ring(c, r => r.MinimumRingSize = (8 << 20) + 1), "minimum_ring_size"),
        ["a ring inside out"] = (c => Ring(c, r => (r.MinimumRingSize, r.MaximumRingSize) = (2000, 1000)), "minimum_ring_size"),
        ["a ring of another hash"] = (c => Ring(c, r => r.HashFunction = Cluster.Types.RingHashLbConfig.Types.HashFunction.MurmurHash2), "hash_function"),
        ["a table that is not prime"] = (c => Maglev(c, 1000), "table_size"),
        ["a table beyond 5000011"] = (c => Maglev(c, 5_000_021), "table_size"),
        ["a bound on load below 100 %"] = (c => Common(c).ConsistentHashingLbConfig = new() { HashBalanceFactor = 99 }, "hash_balance_factor"),
        ["one choice"] = (c => c.LeastRequestLbConfig = new() { ChoiceCount = 1 }, "choice_count"),
        ["a panic threshold below 0"] = (c => Common(c).HealthyPanicThreshold = new Percent { Value = -1 }, "healthy_panic_threshold"),
        ["a panic threshold of NaN"] = (c => Common(c).HealthyPanicThreshold = new Percent { Value = double.NaN }, "healthy_panic_threshold"),
        ["a warm-up below 0"] = (c => c.LeastRequestLbConfig = new() { SlowStartConfig = new() { SlowStartWindow = new Duration { Seconds = -1 } } }, "slow_start_window"),
        ["an aggregate of nothing"] = (c => Aggregate(c), "clusters"),
        ["an interval of 0"] = (c => c.OutlierDetection = new() { Interval = new Duration() }, "interval"),
        ["an ejection time of 0"] = (c => c.OutlierDetection = new() { BaseEjectionTime = new Duration() }, "base_ejection_time"),
        ["ejections beyond 100 %"] = (c => c.OutlierDetection = new() { MaxEjectionPercent = 101 }, "max_ejection_percent"),
        ["enforcement beyond 100 %"] = (c => c.OutlierDetection = new() { EnforcingFailurePercentage = 101 }, "enforcing_failure_percentage"),
        ["a failure threshold beyond 100 %"] = (c => c.OutlierDetection = new() { FailurePercentageThreshold = 101 }, "failure_percentage_threshold"),
        ["a retry budget beyond 100 %"] = (
            c => Thresholds(c).RetryBudget = new() { BudgetPercent = new Percent { Value = 101 } }, "budget_percent"),
        ["a connect timeout of 0"] = (c => c.ConnectTimeout = new Duration(), "connect_timeout"),
    };

    private static readonly Dictionary<string, (Action<ClusterLoadAssignment> Break, string Field)> Assignments = new()
    {
        ["a locality without name"] = (e => e.Endpoints[0].Locality = null, "locality"),
        ["a locality twice"] = (e => e.Endpoints.Add(e.Endpoints[0].Clone()), "listed twice"),
        ["a priority left out"] = (e => e.Endpoints[0].Priority = 1, "priority 0"),
        ["a priority left out in the middle"] = (e => Another(e, 2), "priority 1"),
        ["locality weights of 2^32"] = (
            e =>
            {
                Another(e, 0).LoadBalancingWeight = uint.MaxValue;
                e.Endpoints[0].LoadBalancingWeight = 1;
            },
            "weights"),
        ["endpoint weights of 2^32"] = (e => e.Endpoints[0].LbEndpoints[0].LoadBalancingWeight = uint.MaxValue, "weights"),
        ["an endpoint weight of 0"] = (e => e.Endpoints[0].LbEndpoints[0].LoadBalancingWeight = 0, "load_balancing_weight"),
        ["an address twice"] = (e => e.Endpoints[0].LbEndpoints.Add(e.Endpoints[0].LbEndpoints[0].Clone()), "listed twice"),
        ["an additional address twice"] = (
            e => e.Endpoints[0].LbEndpoints[0].Endpoint.AdditionalAddresses.Add(
                new Endpoint.Types.AdditionalAddress { Address = e.Endpoints[0].LbEndpoints[1].Endpoint.Address.Clone() }),
            "listed twice"),
        ["overprovisioning of 0"] = (e => e.Policy = new() { OverprovisioningFactor = 0 }, "overprovisioning_factor"),
        ["drops without category"] = (
            e => e.Policy = new() { DropOverloads = { new ClusterLoadAssignment.Types.Policy.Types.DropOverload { DropPercentage = new() { Numerator = 1 } } } }, "drop_overloads"),
        ["a port of 0"] = (e => e.Endpoints[0].LbEndpoints[0].Endpoint.Address.SocketAddress.PortValue = 0, "port_value"),
    };

    public static TheoryData<string> RouteNames => [.. Routes.Keys];

    public static TheoryData<string> ClusterNames => [.. Clusters.Keys];

    public static TheoryData<string> AssignmentNames => [.. Assignments.Keys];

    [Theory]
    [MemberData(nameof(RouteNames))]
    public void Of_routes(string name)
    {
        var routes = IstioShapes.Routes();
        Routes[name].Break(routes);
        Assert.Contains(Errors(ResourceKinds.Route, routes), e => e.Contains(Routes[name].Field, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(ClusterNames))]
    public void Of_clusters(string name)
    {
        var cluster = IstioShapes.EdsCluster();
        Clusters[name].Break(cluster);
        Assert.Contains(Errors(ResourceKinds.Cluster, cluster), e => e.Contains(Clusters[name].Field, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(AssignmentNames))]
    public void Of_endpoints(string name)
    {
        var endpoints = IstioShapes.Endpoints();
        Assignments[name].Break(endpoints);
        Assert.Contains(Errors(ResourceKinds.Endpoints, endpoints), e => e.Contains(Assignments[name].Field, StringComparison.Ordinal));
    }

    private static VirtualHost Host(RouteConfiguration routes) => routes.VirtualHosts[0];

    private static Route Route(RouteConfiguration routes) => Host(routes).Routes[0];

    private static RetryPolicy Retry(RouteConfiguration routes) => Route(routes).Route_.RetryPolicy ??= new RetryPolicy { RetryOn = "5xx" };

    private static void Fault(RouteConfiguration routes, HTTPFault fault) =>
        Route(routes).TypedPerFilterConfig["envoy.filters.http.fault"] = Packed(fault);

    private static WeightedCluster.Types.ClusterWeight Weighted(uint weight) => new() { Name = "a", Weight = weight };

    private static void Ring(Cluster cluster, Action<Cluster.Types.RingHashLbConfig> change)
    {
        cluster.LbPolicy = LbPolicy.RingHash;
        change(cluster.RingHashLbConfig = new());
    }

    private static void Maglev(Cluster cluster, ulong size)
    {
        cluster.LbPolicy = LbPolicy.Maglev;
        cluster.MaglevLbConfig = new() { TableSize = size };
    }

    private static Cluster.Types.CommonLbConfig Common(Cluster cluster) => cluster.CommonLbConfig ??= new();

    private static CircuitBreakers.Types.Thresholds Thresholds(Cluster cluster)
    {
        cluster.CircuitBreakers = new() { Thresholds = { new CircuitBreakers.Types.Thresholds() } };
        return cluster.CircuitBreakers.Thresholds[0];
    }

    private static void Aggregate(Cluster cluster)
    {
        cluster.EdsClusterConfig = null;
        cluster.ClusterType = new() { Name = "envoy.clusters.aggregate", TypedConfig = Packed(new ClusterConfig()) };
    }

    private static LocalityLbEndpoints Another(ClusterLoadAssignment endpoints, uint priority)
    {
        var locality = new LocalityLbEndpoints
        {
            Locality = new Locality { Region = "us" },
            Priority = priority,
            LoadBalancingWeight = 1,
            LbEndpoints = { IstioShapes.Endpoint("127.0.0.9", 9) },
        };
        endpoints.Endpoints.Add(locality);
        return locality;
    }
}
