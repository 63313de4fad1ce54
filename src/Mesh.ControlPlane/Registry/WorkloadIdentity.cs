namespace ProxylessMesh.ControlPlane.Registry;

/// <summary>An id counts only together with who proved it: nobody replaces another's workload by claiming its id.</summary>
internal sealed class WorkloadIdentity : IEqualityComparer<RegisteredWorkload>
{
    public static WorkloadIdentity Comparer { get; } = new();

    public bool Equals(RegisteredWorkload? x, RegisteredWorkload? y) =>
        ReferenceEquals(x, y)
        || (x is not null
            && y is not null
            && x.Authenticated == y.Authenticated
            && x.Namespace == y.Namespace
            && x.ServiceAccount == y.ServiceAccount
            && x.Id == y.Id);

    // Whoever is not authenticated may claim any id, so it is a hash that nobody can foresee: string's is.
    public int GetHashCode(RegisteredWorkload obj) => HashCode.Combine(obj.Id, obj.Namespace, obj.ServiceAccount, obj.Authenticated);
}
