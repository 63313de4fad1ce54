namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>trafficPolicy.retryBudget: retries as a percentage of the requests in flight, and how many are always allowed.</summary>
internal sealed record RetryBudget(double Percent, int MinRetryConcurrency);
