namespace ProxylessMesh.Client.Runtime;

/// <summary>What calls hold at a moment, over all clusters: zero throughout when none is under way.</summary>
/// <param name="Requests">Request slots of clusters.</param>
/// <param name="Pending">Requests that wait for a connection.</param>
/// <param name="Retries">Retry slots.</param>
/// <param name="Endpoints">Slots of endpoints that are still configured.</param>
internal readonly record struct HeldResources(int Requests, int Pending, int Retries, int Endpoints);
