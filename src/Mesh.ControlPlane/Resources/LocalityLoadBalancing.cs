using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>loadBalancer.localityLbSetting; replaces the mesh's as a whole.</summary>
/// <param name="Enabled">False: localities do not count.</param>
/// <param name="Distribute">By the caller's locality: shares of localities in percent.</param>
/// <param name="Failover">From a region to the region that comes next.</param>
/// <param name="FailoverPriority">Labels, <c>key</c> or <c>key=value</c>: the more of the first ones agree, the better.</param>
internal sealed record LocalityLoadBalancing(
    bool Enabled,
    EquatableArray<LocalityDistribution> Distribute,
    EquatableArray<KeyValuePair<string, string>> Failover,
    EquatableArray<string> FailoverPriority)
{
    /// <summary>MeshConfig.localityLbSetting as Istio installs it: on.</summary>
    public static LocalityLoadBalancing MeshDefault { get; } = new(true, [], [], []);
}
