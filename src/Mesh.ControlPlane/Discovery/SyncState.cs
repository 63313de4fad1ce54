namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>Whether a client has what it was sent of one type.</summary>
internal enum SyncState
{
    /// <summary>It asked, and there was nothing to send yet.</summary>
    NotSent,

    /// <summary>It accepted the last response.</summary>
    Synced,

    /// <summary>It has not answered the last response yet.</summary>
    Stale,

    /// <summary>It refuses something of what it was sent.</summary>
    Refused,
}
