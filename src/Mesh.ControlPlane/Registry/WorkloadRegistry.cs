using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace ProxylessMesh.ControlPlane.Registry;

/// <summary>The workloads that are connected now.</summary>
internal sealed class WorkloadRegistry
{
    private readonly Lock _lock = new();
    private readonly HashSet<RegisteredWorkload> _workloads = new(WorkloadIdentity.Comparer);
    private readonly WorkloadKinds _kinds = new();

    // Default: those that are connected have changed since.
    private ImmutableArray<RegisteredWorkload> _current = [];

    /// <summary>
    /// An immutable list, those of one <see cref="WorkloadKind"/> side by side. It is made when it is asked for: thousands may come or go
    /// before that.
    /// </summary>
    public ImmutableArray<RegisteredWorkload> Current
    {
        get
        {
            lock (_lock)
            {
                return _current.IsDefault ? _current = ByKind() : _current;
            }
        }
    }

    /// <summary>After <see cref="Current"/> has become another.</summary>
    public event Action? Changed;

    /// <summary>Adds, or replaces the workload of the same <see cref="WorkloadIdentity"/>.</summary>
    public WorkloadRegistration Register(RegisteredWorkload workload)
    {
        lock (_lock)
        {
            workload = _kinds.Share(workload);
            if (_workloads.TryGetValue(workload, out var replaced))
            {
                RemoveNow(replaced);
            }

            if (_workloads.Count == _workloads.Capacity)
            {
                // Not twice the room, as it would take of itself: half of that would stay empty.
                _workloads.EnsureCapacity(Math.Max(16, _workloads.Count / 4 * 5));
            }

            _workloads.Add(workload);
            _current = default;
        }

        Changed?.Invoke();
        return new WorkloadRegistration(this, workload);
    }

    /// <summary>Removes this very object; another of the same identity stays.</summary>
    internal void Remove(RegisteredWorkload workload)
    {
        lock (_lock)
        {
            if (!_workloads.TryGetValue(workload, out var known) || !ReferenceEquals(known, workload))
            {
                return;
            }

            RemoveNow(workload);
        }

        Changed?.Invoke();
    }

    private void RemoveNow(RegisteredWorkload workload)
    {
        _workloads.Remove(workload);
        _kinds.Release(workload);
        _current = default;
    }

    private ImmutableArray<RegisteredWorkload> ByKind()
    {
        var (places, next) = (new Dictionary<WorkloadKind, int>(ReferenceEqualityComparer.Instance), 0);
        foreach (var (kind, count) in _kinds.All)
        {
            (places[kind], next) = (next, next + count);
        }

        var sorted = new RegisteredWorkload[next];
        foreach (var workload in _workloads)
        {
            sorted[CollectionsMarshal.GetValueRefOrNullRef(places, workload.Kind)++] = workload;
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(sorted);
    }
}
