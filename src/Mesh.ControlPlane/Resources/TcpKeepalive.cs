namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>connectionPool.tcp.tcpKeepalive; what is not given is the operating system's.</summary>
internal sealed record TcpKeepalive(int? Probes, TimeSpan? Time, TimeSpan? Interval);
