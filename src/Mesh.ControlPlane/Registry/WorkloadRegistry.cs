using System.Collections.Immutable;

namespace ProxylessMesh.ControlPlane.Registry;

/// <summary>The workloads that are connected now.</summary>
internal sealed class WorkloadRegistry
{
    private readonly Lock _lock = new();
    private readonly WorkloadKinds _kinds = new();
    private volatile Holder _current = new([]);

    /// <summary>An immutable list; replaced whole.</summary>
    public ImmutableArray<RegisteredWorkload> Current => _current.Workloads;

    /// <summary>After <see cref="Current"/> was replaced.</summary>
    public event Action? Changed;

    /// <summary>
    /// Adds, or replaces the workload of the same id. Dispose the result when its stream ends: it removes just this registration,
    /// never a newer one of the same id. An id counts only together with who proved it: nobody replaces another's workload by
    /// claiming its id.
    /// </summary>
    public IDisposable Register(RegisteredWorkload workload)
    {
        lock (_lock)
        {
            workload = _kinds.Share(workload);
            var workloads = _current.Workloads;
            var index = IndexOf(workloads, existing => IsSame(existing, workload));
            if (index >= 0)
            {
                _kinds.Release(workloads[index]);
            }

            _current = new Holder(index < 0 ? workloads.Add(workload) : workloads.SetItem(index, workload));
        }

        Changed?.Invoke();
        return new Registration(this, workload);
    }

    private static bool IsSame(RegisteredWorkload a, RegisteredWorkload b) =>
        a.Id == b.Id && a.Namespace == b.Namespace && a.ServiceAccount == b.ServiceAccount && a.Authenticated == b.Authenticated;

    private static int IndexOf(ImmutableArray<RegisteredWorkload> workloads, Predicate<RegisteredWorkload> match)
    {
        for (var i = 0; i < workloads.Length; i++)
        {
            if (match(workloads[i]))
            {
                return i;
            }
        }

        return -1;
    }

    private void Remove(RegisteredWorkload workload)
    {
        lock (_lock)
        {
            var index = IndexOf(_current.Workloads, existing => ReferenceEquals(existing, workload));
            if (index < 0)
            {
                return;
            }

            _kinds.Release(workload);
            _current = new Holder(_current.Workloads.RemoveAt(index));
        }

        Changed?.Invoke();
    }

    /// <summary>A struct cannot be read and replaced atomically; a reference to it can.</summary>
    private sealed record Holder(ImmutableArray<RegisteredWorkload> Workloads);

    private sealed class Registration(WorkloadRegistry registry, RegisteredWorkload workload) : IDisposable
    {
        public void Dispose() => registry.Remove(workload);
    }
}
