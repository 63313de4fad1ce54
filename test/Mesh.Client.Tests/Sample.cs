using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Client.Routing;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Dependencies;

namespace ProxylessMesh.Client.Tests;

/// <summary>Short ways to say what a test needs.</summary>
internal static class Sample
{
    public const string ClusterName = "outbound|9080|v2|reviews.default.svc.cluster.local";

    public static OutlierDetectionConfig Outliers(int consecutive5xx = 3, int maxPercent = 100) => new(
        consecutive5xx, 0, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(300), maxPercent);

    public static ClusterConfig Cluster(
        LoadBalancingPolicy policy = LoadBalancingPolicy.RoundRobin, OutlierDetectionConfig? outliers = null, UpstreamTlsConfig? tls = null) =>
        new(ClusterName, ClusterDiscovery.Eds, ClusterName, null, new LoadBalancingConfig(policy), TimeSpan.FromSeconds(1), outliers, tls, []);

    public static EndpointConfig Endpoint(string address, uint weight = 1, EndpointHealth health = EndpointHealth.Healthy) =>
        new(address, 9080, weight, health, EquatableMap.Empty);

    public static EndpointsConfig Endpoints(params EndpointConfig[] endpoints) =>
        new(ClusterName, [new LocalityConfig(default, 1, 0, endpoints.ToEquatableArray())]);

    public static EndpointsConfig Endpoints(params string[] addresses) => Endpoints([.. addresses.Select(a => Endpoint(a))]);

    public static ClusterSnapshot Snapshot(ClusterConfig config, EndpointsConfig endpoints) => new(ClusterName, config, endpoints, null);

    public static RetryPolicyConfig Retry(RetryConditions conditions, int retries = 2, TimeSpan? perTry = null, params int[] codes) => new(
        conditions, codes.ToEquatableArray(), retries, perTry, TimeSpan.FromMilliseconds(25), TimeSpan.FromMilliseconds(250), AvoidPreviousHosts: true);

    public static RouteModel Route(ClusterState cluster, RetryPolicyConfig? retry = null, TimeSpan? timeout = null) => RouteModel.Compile(
        new RouteEntryConfig(
            "canary",
            new RouteMatchConfig(new PathMatchConfig(PathMatchKind.Prefix, "/"), [], [], null),
            new ForwardActionConfig([new WeightedClusterConfig(ClusterName, 1)], timeout, retry)),
        _ => cluster);
}
