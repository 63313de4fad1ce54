namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>A share of requests, in millionths, waits before it is sent.</summary>
internal sealed record FaultDelay(TimeSpan Duration, int PerMillion);
