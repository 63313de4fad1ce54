using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Translation.Clusters;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Translation.Endpoints;

/// <summary>
/// The priority of an endpoint for one caller, by how near it is (Istio, "Locality failover"). Only with outlier detection, without
/// which nothing would ever leave the first priority, or where the service itself asks for the nearest ("Traffic distribution").
/// </summary>
internal sealed class LocalityFailover
{
    private readonly ProxyView _proxy;
    private readonly LocalityLoadBalancing _setting;

    private LocalityFailover(ProxyView proxy, LocalityLoadBalancing setting) => (_proxy, _setting) = (proxy, setting);

    /// <summary>Null: all endpoints have one priority.</summary>
    public static LocalityFailover? For(ProxyView proxy, ClusterTarget target)
    {
        var policy = target.Policy;
        if (policy.LoadBalancer?.ZoneAware is not null)
        {
            // All zones have one priority: the caller chooses among them.
            return null;
        }

        var setting = policy.LoadBalancer?.Locality ?? LocalityLoadBalancing.MeshDefault;
        var isAskedFor = target.Service.PrefersNearby && policy.LoadBalancer?.Locality is null;
        return (isAskedFor || policy.OutlierDetection is not null) && setting is { Enabled: true, Distribute.Count: 0 }
            && (setting.FailoverPriority.Count > 0 || !string.IsNullOrEmpty(proxy.Locality.Region))
            ? new LocalityFailover(proxy, setting)
            : null;
    }

    public int PriorityOf(MeshWorkload endpoint) =>
        _setting.FailoverPriority.Count > 0 ? ByLabels(endpoint) : ByDistance(endpoint.Locality);

    /// <summary>0: the same place, 1: zone, 2: region, 3: another region; 4: another one than the region's own failover.</summary>
    private int ByDistance(LocalityId endpoint)
    {
        var own = _proxy.Locality;
        if (!Same(own.Region, endpoint.Region))
        {
            foreach (var (from, to) in _setting.Failover)
            {
                if (from == own.Region)
                {
                    return Same(to, endpoint.Region) ? 3 : 4;
                }
            }

            return 3;
        }

        return !Same(own.Zone, endpoint.Zone) ? 2 : !Same(own.SubZone, endpoint.SubZone) ? 1 : 0;
    }

    /// <summary>Labels count in their order: all agree, 0; the first does not, as many as there are.</summary>
    private int ByLabels(MeshWorkload endpoint)
    {
        for (var i = 0; i < _setting.FailoverPriority.Count; i++)
        {
            var label = _setting.FailoverPriority[i];
            var equals = label.IndexOf('=', StringComparison.Ordinal);
            var key = equals < 0 ? label : label[..equals];
            var wanted = equals < 0 ? Label(key, _proxy.Labels, _proxy.Locality) : label[(equals + 1)..];
            if (!Same(wanted, Label(key, endpoint.Labels, endpoint.Locality)))
            {
                return _setting.FailoverPriority.Count - i;
            }
        }

        return 0;
    }

    /// <summary>A label, or the part of the locality that Kubernetes and Istio name so.</summary>
    private static string? Label(string key, EquatableMap labels, LocalityId locality) => labels.Find(key) ?? key switch
    {
        "topology.kubernetes.io/region" => locality.Region,
        "topology.kubernetes.io/zone" => locality.Zone,
        "topology.istio.io/subzone" => locality.SubZone,
        _ => null,
    };

    private static bool Same(string? a, string? b) => (a ?? "") == (b ?? "");
}
