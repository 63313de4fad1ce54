using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Model;

/// <summary>
/// Whether a service asks for its nearest endpoints (Kubernetes, Service.spec.trafficDistribution; Istio's annotation says the same
/// for objects that have no such field). Workloads here have no nodes, so the same node is the same zone.
/// </summary>
internal static class TrafficDistribution
{
    private const string Annotation = "networking.istio.io/traffic-distribution";

    private static readonly string[] Nearby = ["PreferClose", "PreferSameZone", "PreferSameNode"];

    public static bool PrefersNearby(Service service) => service.TrafficDistribution is not null || PrefersNearby(service.Meta);

    public static bool PrefersNearby(ObjectMeta meta) =>
        meta.Annotations.Find(Annotation) is { } value && Nearby.Contains(value, StringComparer.OrdinalIgnoreCase);
}
