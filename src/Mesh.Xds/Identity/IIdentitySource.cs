namespace ProxylessMesh.Xds.Identity;

/// <summary>Where a workload's certificate comes from; it rotates behind this interface.</summary>
internal interface IIdentitySource : IAsyncDisposable
{
    /// <summary>What to use for the next handshake, or null while there is none. Reading it is free.</summary>
    IdentityState? Current { get; }

    /// <summary>Why there is no (newer) certificate, in one sentence; null while all is well.</summary>
    string? LastError { get; }

    /// <summary>Begins to fetch and to renew. Call it once.</summary>
    void Start();

    /// <summary>Completes with the first state.</summary>
    Task<IdentityState> WaitAsync(CancellationToken cancellationToken);

    /// <summary>After <see cref="Current"/> was replaced.</summary>
    event Action? Changed;
}
