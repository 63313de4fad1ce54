using Envoy.Config.Cluster.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Translation.Endpoints;
using ProxylessMesh.ControlPlane.Translation.Sessions;
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
            LoadBalancingBuilder.Apply(cluster, target.Policy.LoadBalancer, proxy.Profile);

            // gRFC A32: of the circuit breakers gRPC reads this one.
            cluster.CircuitBreakers = CircuitBreakerBuilder.ForGrpc(target.Policy.ConnectionPool);
        }
        else
        {
            SetPolicies(cluster, target.Policy);
            LoadBalancingBuilder.Apply(cluster, target.Policy.LoadBalancer, proxy.Profile);
            SetDiscovery(cluster, model, proxy, target);
        }

        SessionFilters.Apply(cluster, target.Service);
        LoadStatsBuilder.Apply(cluster, model.Settings);
        ClusterTls.Apply(cluster, model, proxy.Profile, target);
        return cluster;
    }

    private static void SetDiscovery(Cluster cluster, MeshModel model, ProxyView proxy, ClusterTarget target)
    {
        switch (target.Service.Resolution)
        {
            case ServiceEntryResolution.Static when !target.PassesThrough:
                SetEds(cluster);
                break;
            case ServiceEntryResolution.Dns or ServiceEntryResolution.DnsRoundRobin when !target.PassesThrough:
                DnsDiscoveryBuilder.Apply(cluster, target.Service.Resolution, ClusterLoadAssignmentBuilder.Build(model, proxy, target));
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
        HttpOptionsBuilder.Apply(cluster, policy.ConnectionPool, policy.OutlierDetection);
        if (policy.OutlierDetection is { } outlierDetection)
        {
            cluster.OutlierDetection = OutlierDetectionBuilder.Build(outlierDetection);

            // Istio's minHealthPercent; unless given it is 0: with every endpoint ejected, calls fail rather than go to ejected ones.
            cluster.CommonLbConfig = new Cluster.Types.CommonLbConfig { HealthyPanicThreshold = new Percent { Value = outlierDetection.MinHealthPercent } };
        }
    }
}
