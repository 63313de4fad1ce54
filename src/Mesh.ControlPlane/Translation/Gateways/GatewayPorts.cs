using ProxylessMesh.ControlPlane.Model;

namespace ProxylessMesh.ControlPlane.Translation.Gateways;

/// <summary>
/// A server's port is what callers of the gateway's Service write, and the process listens on its target. Without such a Service, or where
/// it has no such port, they are the same.
/// </summary>
internal sealed class GatewayPorts(MeshModel model, ProxyView proxy)
{
    private readonly List<MeshService> _services = [.. model.Services.Selecting(proxy.Namespace, proxy.Labels)];
    private readonly List<MeshWorkload> _own = [.. model.WorkloadsLabelled(proxy.Namespace, proxy.Labels).Where(w => w.Registered)];

    public HashSet<int> TargetsOf(int serverPort)
    {
        var targets = new HashSet<int>();
        foreach (var service in _services)
        {
            if (service.FindPort(serverPort) is not { } port)
            {
                continue;
            }

            foreach (var workload in _own)
            {
                if (PortResolution.Resolve(service, port, workload) is { } target)
                {
                    targets.Add(target);
                }
            }

            // Before it has registered only numbers can tell.
            if (port.TargetName is null)
            {
                targets.Add(port.TargetNumber ?? port.Number);
            }
        }

        if (targets.Count == 0)
        {
            targets.Add(serverPort);
        }

        return targets;
    }
}
