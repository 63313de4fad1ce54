using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Translation.Listeners;

/// <summary>Which ports of a workload some service leads to.</summary>
internal static class ServedPorts
{
    public static bool Contains(MeshModel model, ProxyView proxy, int port)
    {
        var own = model.WorkloadsLabelled(proxy.Namespace, proxy.Labels).Where(w => w.Registered).ToList();
        if (proxy.InboundPorts.Count > 0)
        {
            // A server of gRPC's listens only when it has the listener, and its agent registers it only when it listens.
            own.Add(new MeshWorkload("", proxy.Namespace, proxy.Labels, "", proxy.InboundPorts, Registered: true, ServiceAccount: null, Weight: 1, proxy.Locality));
        }

        return model.Services.Selecting(proxy.Namespace, proxy.Labels)
            .Any(service => service.Ports.Any(p => TargetsOf(service, p).Contains(port)));

        // Before it listens a workload reports no ports; then only numbers can tell.
        IEnumerable<int?> TargetsOf(MeshService service, ServicePort servicePort) => own
            .Select(w => PortResolution.Resolve(service, servicePort, w))
            .Append(servicePort.TargetName is null ? servicePort.TargetNumber ?? servicePort.Number : null);
    }
}
