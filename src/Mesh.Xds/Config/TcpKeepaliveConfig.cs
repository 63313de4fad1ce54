namespace ProxylessMesh.Xds.Config;

/// <summary>SO_KEEPALIVE with its numbers; null keeps the operating system's.</summary>
internal sealed record TcpKeepaliveConfig(int? Probes, int? TimeSeconds, int? IntervalSeconds);
