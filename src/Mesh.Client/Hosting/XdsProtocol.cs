namespace ProxylessMesh.Client;

/// <summary>Which variant of xDS the mesh speaks with its control plane.</summary>
public enum XdsProtocol
{
    /// <summary>
    /// Delta with the control plane of <see cref="MeshOptions.ControlPlane"/>, and state of the world if that does not serve delta;
    /// state of the world with the server of a gRPC bootstrap file or behind a Unix socket.
    /// </summary>
    Auto,

    /// <summary>Every response holds all resources of its type, as gRPC's libraries speak.</summary>
    StateOfTheWorld,

    /// <summary>Only what changed travels. A server that does not serve it counts as unreachable.</summary>
    Delta,
}
