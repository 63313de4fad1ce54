namespace ProxylessMesh.ControlPlane.Registry;

/// <summary>
/// Dispose it when the workload's stream ends: it removes just this registration, never a newer one of the same id. The default is of
/// no workload. A struct: there is one for each stream, and its stream has a place for it.
/// </summary>
internal readonly record struct WorkloadRegistration(WorkloadRegistry? Registry, RegisteredWorkload? Workload) : IDisposable
{
    public void Dispose()
    {
        if (Workload is not null)
        {
            Registry?.Remove(Workload);
        }
    }
}
