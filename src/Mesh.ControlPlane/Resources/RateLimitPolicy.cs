using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>How many requests workloads take (proxylessmesh.io/v1alpha1). An empty selector = the namespace, or the mesh in the root namespace.</summary>
/// <param name="Meta">Name and age.</param>
/// <param name="Selector">Of workloads.</param>
/// <param name="Local">Limits that each workload keeps for itself; each counts on its own.</param>
/// <param name="Global">Limits that a service keeps for all; null: none.</param>
internal sealed record RateLimitPolicy(ObjectMeta Meta, EquatableMap Selector, EquatableArray<LocalLimit> Local, GlobalLimit? Global) : MeshObject(Meta)
{
    /// <summary>Whether responses say with x-ratelimit headers what is left.</summary>
    public bool TellsLimits { get; init; }

    /// <summary>gRPC callers over a limit get RESOURCE_EXHAUSTED instead of UNAVAILABLE.</summary>
    public bool AsResourceExhausted { get; init; }

    /// <summary>Counted, but nothing is refused.</summary>
    public bool DryRun { get; init; }
}
