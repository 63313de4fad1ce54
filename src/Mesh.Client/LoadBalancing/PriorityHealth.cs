namespace ProxylessMesh.Client.LoadBalancing;

/// <summary>How many endpoints of one priority there are, and what they are fit for.</summary>
internal readonly record struct PriorityHealth(int All, int Healthy, int Degraded);
