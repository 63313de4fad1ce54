using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>A fault for some services and some time (proxylessmesh.io/v1alpha1). When the time is over it has no effect, whoever wrote it.</summary>
/// <param name="Meta">Its namespace is that of the services, unless it is the root namespace.</param>
/// <param name="Hosts">At least one, as in a VirtualService.</param>
/// <param name="Fault">For every route of the hosts that has none of its own.</param>
/// <param name="Starts">From when on.</param>
/// <param name="Expires">Until when; at most a day later.</param>
internal sealed record ChaosExperiment(
    ObjectMeta Meta, EquatableArray<string> Hosts, HttpFault Fault, DateTimeOffset Starts, DateTimeOffset Expires) : MeshObject(Meta)
{
    public bool IsActiveAt(DateTimeOffset now) => now >= Starts && now < Expires;
}
