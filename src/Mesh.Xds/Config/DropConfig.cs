namespace ProxylessMesh.Xds.Config;

/// <summary>ClusterLoadAssignment.Policy.DropOverload: the share of calls that is not to be sent, and what load reports call them.</summary>
internal sealed record DropConfig(string Category, int PerMillion);
