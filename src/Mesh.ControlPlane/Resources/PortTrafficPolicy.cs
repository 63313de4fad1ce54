namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>portLevelSettings: replaces the destination's blocks for one port, inherits nothing from them.</summary>
internal sealed record PortTrafficPolicy(int Port, TrafficPolicy Policy, SourcePosition Position);
