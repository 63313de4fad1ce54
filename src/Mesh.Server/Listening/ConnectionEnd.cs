namespace ProxylessMesh.Server.Listening;

/// <summary>What becomes of an open connection.</summary>
internal enum ConnectionEnd
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It takes no new request; those in flight may take their time.</summary>
    Drain,

    /// <summary>It takes no new request, and those in flight get a grace.</summary>
    Cut,

    /// <summary>It ends at once.</summary>
    Abort,
}
