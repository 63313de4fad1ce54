using System.Collections.Immutable;

namespace ProxylessMesh.ControlPlane.Registry;

/// <summary>The workloads that are connected now.</summary>
internal sealed class WorkloadRegistry
{
    /// <summary>An immutable list; replaced whole.</summary>
    public ImmutableArray<RegisteredWorkload> Current => throw new NotImplementedException();

    /// <summary>After <see cref="Current"/> was replaced.</summary>
    public event Action? Changed { add => throw new NotImplementedException(); remove => throw new NotImplementedException(); }

    /// <summary>Adds, or replaces the workload of the same id. Dispose the result when its stream ends: it removes just this registration, never a newer one of the same id.</summary>
    public IDisposable Register(RegisteredWorkload workload) => throw new NotImplementedException();
}
