using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Translation.Listeners;

/// <summary>Which ports of a workload some service leads to, and what they speak.</summary>
internal static class ServedPorts
{
    public static bool Contains(MeshModel model, ProxyView proxy, int port) => LeadingTo(model, proxy, port).Any();

    /// <summary>
    /// Whether its connections carry no requests that anybody could look at. Where services do not agree they are looked at: who
    /// adds a Service must not switch off the rules for requests of a workload that serves some.
    /// </summary>
    public static bool IsTcp(MeshModel model, ProxyView proxy, int port)
    {
        if (!model.Services.HasTcpPorts(proxy.Namespace))
        {
            return false;
        }

        var leading = LeadingTo(model, proxy, port).ToList();
        return leading.Count > 0 && leading.TrueForAll(p => p.IsTcp);
    }

    private static IEnumerable<ServicePort> LeadingTo(MeshModel model, ProxyView proxy, int port)
    {
        var own = model.WorkloadsLabelled(proxy.Namespace, proxy.Labels).Where(w => w.Registered).ToList();
        if (proxy.InboundPorts.Count > 0)
        {
            // A server of gRPC's listens only when it has the listener, and its agent registers it only when it listens.
            own.Add(new MeshWorkload("", proxy.Namespace, proxy.Labels, "", proxy.InboundPorts, Registered: true, ServiceAccount: null, Weight: 1, proxy.Locality));
        }

        return
            from service in model.Services.Selecting(proxy.Namespace, proxy.Labels)
            from servicePort in service.Ports
            where TargetsOf(service, servicePort).Contains(port)
            select servicePort;

        // Before it listens a workload reports no ports; then only numbers can tell.
        IEnumerable<int?> TargetsOf(MeshService service, ServicePort servicePort) => own
            .Select(w => PortResolution.Resolve(service, servicePort, w))
            .Append(servicePort.TargetName is null ? servicePort.TargetNumber ?? servicePort.Number : null);
    }
}
