namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>connectionPool.tcp.connectTimeout; the mesh default is 10 s.</summary>
internal sealed record ConnectionPool(TimeSpan? ConnectTimeout, SourcePosition Position);
