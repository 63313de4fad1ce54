namespace ProxylessMesh.Client.CircuitBreaking;

/// <summary>Whether a cluster takes a request on.</summary>
internal enum Admission
{
    /// <summary>A request slot is taken.</summary>
    Admitted,

    /// <summary>A request slot and a connection slot are taken.</summary>
    AdmittedOnConnection,

    /// <summary>As many requests as allowed are in flight.</summary>
    TooManyRequests,

    /// <summary>As many requests as allowed wait for a connection.</summary>
    TooManyPending,

    /// <summary>It is one of those that the control plane wants dropped.</summary>
    Dropped,

    /// <summary>The call was given up while it waited.</summary>
    Cancelled,
}
