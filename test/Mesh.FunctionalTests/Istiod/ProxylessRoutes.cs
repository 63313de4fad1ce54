using Envoy.Config.Route.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace ProxylessMesh.FunctionalTests.Istiod;

/// <summary>Routes as the sidecar's generator makes them, which serves proxyless nodes too: with all that gRPC passes over.</summary>
internal static class ProxylessRoutes
{
    /// <param name="cluster">Where to.</param>
    /// <param name="header">Only requests with this header.</param>
    public static Route To(string cluster, (string Name, string Value)? header = null) => Finish(new RouteAction { Cluster = cluster }, header);

    /// <param name="clusters">Where to, in which proportion.</param>
    public static Route Split(params (string Cluster, uint Weight)[] clusters)
    {
        var weighted = new WeightedCluster();
        weighted.Clusters.AddRange(clusters.Select(c => new WeightedCluster.Types.ClusterWeight { Name = c.Cluster, Weight = c.Weight }));
        return Finish(new RouteAction { WeightedClusters = weighted }, null);
    }

    private static Route Finish(RouteAction action, (string Name, string Value)? header)
    {
        // No timeout in the VirtualService: 0, in both fields (pilot/pkg/networking/core/route, setTimeout).
        action.Timeout = new Duration();
        action.MaxStreamDuration = new() { MaxStreamDuration_ = new Duration() };
        action.RetryPolicy = new RetryPolicy
        {
            RetryOn = "connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes",
            NumRetries = 2,
            RetriableStatusCodes = { 503 },
            HostSelectionRetryMaxAttempts = 5,
            RetryHostPredicate =
            {
                new RetryPolicy.Types.RetryHostPredicate
                {
                    Name = "envoy.retry_host_predicates.previous_hosts",
                    TypedConfig = new Any { TypeUrl = "type.googleapis.com/envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate" },
                },
            },
        };
        var route = new Route
        {
            Name = "default",
            Match = new RouteMatch { Prefix = "/" },
            Route_ = action,
            Metadata = new()
            {
                FilterMetadata = { ["istio"] = new Struct { Fields = { ["config"] = Value.ForString("/apis/networking.istio.io/v1/namespaces/default/virtual-service/reviews") } } },
            },
        };
        if (header is { } match)
        {
            route.Match.CaseSensitive = true;
            route.Match.Headers.Add(new HeaderMatcher { Name = match.Name, StringMatch = new() { Exact = match.Value } });
        }

        // decorator.operation (fields 5 and 1): tracing, which our messages do not even declare.
        using var decorator = new MemoryStream();
        using (var output = new CodedOutputStream(decorator, leaveOpen: true))
        {
            output.WriteTag(5, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom([0x0a, 2, (byte)':', (byte)'*']));
        }

        route.MergeFrom(decorator.ToArray());
        return route;
    }
}
