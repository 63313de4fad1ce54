using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>Workloads of a host with these labels as well; its policy overrides the host's block by block.</summary>
internal sealed record Subset(string Name, EquatableMap Labels, TrafficPolicy? Policy, SourcePosition Position);
