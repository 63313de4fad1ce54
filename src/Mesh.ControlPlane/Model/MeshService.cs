using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Model;

/// <summary>One host that clients can call, from a Service or from one host of a ServiceEntry.</summary>
/// <param name="Host">In normal form; may be a wildcard.</param>
/// <param name="Namespace">Of the object.</param>
/// <param name="ShortName">The Service's name; null for a ServiceEntry, which has no short names.</param>
/// <param name="Ports">What callers write.</param>
/// <param name="Selector">Of workloads in the namespace.</param>
/// <param name="Endpoints">Inline ones, of a ServiceEntry.</param>
/// <param name="Resolution">Static for a Service.</param>
/// <param name="MeshInternal">Whether its endpoints may be in the mesh (and so get automatic mTLS).</param>
/// <param name="Visibility">Who may call it.</param>
internal sealed record MeshService(
    string Host,
    string Namespace,
    string? ShortName,
    EquatableArray<ServicePort> Ports,
    EquatableMap Selector,
    EquatableArray<WorkloadEndpoint> Endpoints,
    ServiceEntryResolution Resolution,
    bool MeshInternal,
    Visibility Visibility)
{
    /// <summary>Callers prefer endpoints near them, also without outlier detection.</summary>
    public bool PrefersNearby { get; init; }

    /// <summary>Callers' sessions stay with an endpoint, by a cookie of this name; null = there are none.</summary>
    public string? SessionCookie { get; init; }

    /// <summary>Service accounts, of its namespace, whose registered workloads may serve it; none = any.</summary>
    public EquatableArray<string> ServiceAccounts { get; init; } = [];

    /// <summary>What a ServiceEntry says that its servers' certificates are for.</summary>
    public EquatableArray<string> SubjectAltNames { get; init; } = [];

    /// <summary>Whether a workload that its selector matches may serve it. What the operator wrote down (a WorkloadEntry) always may.</summary>
    public bool Admits(MeshWorkload workload)
    {
        if (ServiceAccounts.Count == 0 || !workload.Registered)
        {
            return true;
        }

        foreach (var account in ServiceAccounts)
        {
            if (account == workload.ProvenAccount)
            {
                return true;
            }
        }

        return false;
    }

    public ServicePort? FindPort(int number)
    {
        foreach (var port in Ports)
        {
            if (port.Number == number)
            {
                return port;
            }
        }

        return null;
    }
}
