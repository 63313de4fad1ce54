using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.Client;

/// <summary>Who this process is. In Kubernetes all of it comes from the pod.</summary>
public sealed class WorkloadOptions
{
    /// <summary>Name of the workload, as a Deployment would have one. Default: the application's name.</summary>
    public string? Name { get; set; }

    /// <summary>Kubernetes namespace. Default: <c>default</c>.</summary>
    public string Namespace { get; set; } = "default";

    /// <summary>Service account; the last part of the SPIFFE id. Default: <c>default</c>.</summary>
    public string ServiceAccount { get; set; } = "default";

    /// <summary>Kind of the private key that the certificate is for. Default: <see cref="WorkloadKeyType.EcdsaP256"/>.</summary>
    public WorkloadKeyType KeyType { get; set; } = WorkloadKeyType.EcdsaP256;

    /// <summary>Labels that Services, subsets and policies select by. Default: none.</summary>
    public IDictionary<string, string> Labels { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Whether the process is a gateway at the edge, not a workload with callers in the mesh.</summary>
    internal bool IsGateway { get; set; }

    /// <summary>Address at which others reach this process. Default: 127.0.0.1.</summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>
    /// Names of the ports that the app listens on, in the order of its URLs; a Service's port finds its target by this name.
    /// Default: <c>http</c> for the first.
    /// </summary>
    public IList<string> PortNames { get; } = [];

    /// <summary><c>region/zone/subzone</c>; missing parts are unknown. Default: unknown.</summary>
    public string? Locality { get; set; }
}
