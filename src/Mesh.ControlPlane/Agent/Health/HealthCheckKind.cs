namespace ProxylessMesh.ControlPlane.Agent.Health;

/// <summary>What an agent asks its app.</summary>
internal enum HealthCheckKind
{
    /// <summary>Whether it takes a connection.</summary>
    Tcp,

    /// <summary>Whether GET of a path answers 200 to 399.</summary>
    Http,

    /// <summary>Whether grpc.health.v1 says SERVING.</summary>
    Grpc,
}
