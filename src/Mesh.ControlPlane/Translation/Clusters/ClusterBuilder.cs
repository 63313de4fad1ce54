using Envoy.Config.Cluster.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Translation.Endpoints;
using Percent = Envoy.Type.V3.Percent;

namespace ProxylessMesh.ControlPlane.Translation.Clusters;

/// <summary>A destination with its policies.</summary>
internal static class ClusterBuilder
{
    private static readonly TimeSpan DefaultConnectTimeout = TimeSpan.FromSeconds(10);

    public static Cluster? Build(MeshModel model, ProxyView proxy, string name)
    {
        if (ClusterTarget.Find(model, proxy, name) is not { } target)
        {
            return null;
        }

        var cluster = new Cluster { Name = name };
        if (proxy.Profile == ProxyProfile.Grpc)
        {
            SetEds(cluster);
            cluster.LbPolicy = target.Policy.LoadBalancer?.Simple == SimpleLoadBalancer.LeastRequest
                ? Cluster.Types.LbPolicy.LeastRequest
                : Cluster.Types.LbPolicy.RoundRobin;

            // gRFC A32: of the circuit breakers gRPC reads this one.
            cluster.CircuitBreakers = CircuitBreakerBuilder.ForGrpc(target.Policy.ConnectionPool);
        }
        else
        {
            SetDiscovery(cluster, model, target);
            SetPolicies(cluster, target.Policy);
        }

        ClusterTls.Apply(cluster, model, proxy.Profile, target);
        return cluster;
    }

    private static void SetDiscovery(Cluster cluster, MeshModel model, ClusterTarget target)
    {
        cluster.LbPolicy = LoadBalancing(target.Policy.LoadBalancer?.Simple);
        switch (target.Service.Resolution)
        {
            case ServiceEntryResolution.Static:
                SetEds(cluster);
                break;
            case ServiceEntryResolution.Dns:
                cluster.Type = Cluster.Types.DiscoveryType.StrictDns;
                cluster.LoadAssignment = ClusterLoadAssignmentBuilder.Build(model, target);
                break;
            default:
                cluster.Type = Cluster.Types.DiscoveryType.OriginalDst;
                cluster.LbPolicy = Cluster.Types.LbPolicy.ClusterProvided;
                break;
        }
    }

    private static void SetEds(Cluster cluster)
    {
        cluster.Type = Cluster.Types.DiscoveryType.Eds;
        cluster.EdsClusterConfig = new Cluster.Types.EdsClusterConfig { ServiceName = cluster.Name, EdsConfig = AdsSource.Create() };
    }

    private static void SetPolicies(Cluster cluster, EffectivePolicy policy)
    {
        cluster.ConnectTimeout = (policy.ConnectionPool?.ConnectTimeout ?? DefaultConnectTimeout).ToDuration();
        cluster.CircuitBreakers = CircuitBreakerBuilder.Build(policy.ConnectionPool, policy.RetryBudget);
        ConnectionPoolBuilder.Apply(cluster, policy.ConnectionPool);
        if (policy.OutlierDetection is { } outlierDetection)
        {
            cluster.OutlierDetection = OutlierDetectionBuilder.Build(outlierDetection);

            // Istio's minHealthPercent of 0: with every endpoint ejected, calls fail rather than go to ejected ones.
            cluster.CommonLbConfig = new Cluster.Types.CommonLbConfig { HealthyPanicThreshold = new Percent { Value = 0 } };
        }
    }

    private static Cluster.Types.LbPolicy LoadBalancing(SimpleLoadBalancer? simple) => simple switch
    {
        SimpleLoadBalancer.RoundRobin => Cluster.Types.LbPolicy.RoundRobin,
        SimpleLoadBalancer.Random => Cluster.Types.LbPolicy.Random,
        _ => Cluster.Types.LbPolicy.LeastRequest,
    };
}
