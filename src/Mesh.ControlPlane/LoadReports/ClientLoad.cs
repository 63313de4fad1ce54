namespace ProxylessMesh.ControlPlane.LoadReports;

/// <summary>What one client said last of one cluster: what is so now, and goes when the client does.</summary>
internal readonly record struct ClientLoad(ulong InProgress, double RequestsPerSecond);
