namespace ProxylessMesh.Client;

/// <summary>Whether the mesh takes part in this process's traffic.</summary>
public enum MeshMode
{
    /// <summary>On when a control plane is configured; without one the app runs as if the mesh were not there, with one warning. The default.</summary>
    Auto,

    /// <summary>The host fails to start, with the reason, unless identity and configuration arrive in time.</summary>
    Required,

    /// <summary>Off: the kill switch.</summary>
    Off,
}
