using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Model;

/// <summary>Which port of a workload serves a port of a service.</summary>
internal static class PortResolution
{
    /// <summary>Null: the workload does not listen (yet).</summary>
    public static int? Resolve(MeshService service, ServicePort port, MeshWorkload workload)
    {
        if (workload.Registered && workload.Ports.Count == 0)
        {
            return null;
        }

        // WorkloadEntry: its own ports go before targetPort, which goes before the service's port.
        if (ByName(workload, port.Name) is { } sameName)
        {
            return sameName;
        }

        if (ByName(workload, port.TargetName) is { } target)
        {
            return target;
        }

        var number = port.TargetNumber ?? port.Number;
        if (workload.Registered && !HasNumber(workload, number) && workload.Ports.Count == 1 && service.Ports.Count == 1)
        {
            // An application off Kubernetes listens where its configuration says, often on a port the system chose:
            // where only one meaning is possible, it need not repeat itself.
            return workload.Ports[0].Value;
        }

        return number;
    }

    private static int? ByName(MeshWorkload workload, string? name)
    {
        if (string.IsNullOrEmpty(name))
        {
            return null;
        }

        foreach (var (portName, number) in workload.Ports)
        {
            if (portName == name)
            {
                return number;
            }
        }

        return null;
    }

    private static bool HasNumber(MeshWorkload workload, int number)
    {
        foreach (var (_, own) in workload.Ports)
        {
            if (own == number)
            {
                return true;
            }
        }

        return false;
    }
}
