using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Translation.Clusters;

/// <summary>What a cluster name means to a client: CDS and EDS must agree on it.</summary>
internal sealed record ClusterTarget(ClusterName Name, MeshService Service, ServicePort Port, EquatableMap SubsetLabels, EffectivePolicy Policy)
{
    /// <summary>Null: no such host, port or subset, or not for this client.</summary>
    public static ClusterTarget? Find(MeshModel model, ProxyView proxy, string name)
    {
        if (!ClusterName.TryParse(name, out var key)
            || model.Services.Find(key.Host, key.Port, proxy.Namespace) is not { } service
            || service.FindPort(key.Port) is not { } port)
        {
            return null;
        }

        var rule = model.DestinationRules.Find(service, proxy.Namespace);
        var subset = key.Subset.Length == 0 ? null : rule?.FindSubset(key.Subset);
        return key.Subset.Length > 0 && subset is null
            ? null
            : new ClusterTarget(key, service, port, subset?.Labels ?? EquatableMap.Empty, EffectivePolicy.Of(rule, key.Subset, key.Port));
    }

    /// <summary>Whether its rule leaves the choice of address to the caller (simple: PASSTHROUGH).</summary>
    public bool PassesThrough => Policy.LoadBalancer is { Simple: SimpleLoadBalancer.PassThrough, ConsistentHash: null };

    /// <summary>Whether EDS holds its endpoints. gRPC is always sent EDS (Istio's generator for it knows nothing else).</summary>
    public bool UsesEds(ProxyProfile profile) => profile == ProxyProfile.Grpc || (Service.Resolution == ServiceEntryResolution.Static && !PassesThrough);
}
