namespace ProxylessMesh.ControlPlane.LoadReports;

/// <summary>One locality of a cluster, as /debug/loadz tells it.</summary>
internal sealed record LocalityLoadView(string Locality, ulong Issued, ulong Succeeded, ulong Failed);
