namespace ProxylessMesh.Xds.Config;

/// <summary>Retries as a share of the requests in flight and waiting.</summary>
/// <param name="Percent">0 to 100; Envoy's default is 20.</param>
/// <param name="MinConcurrency">So many retries are always allowed; Envoy's default is 3.</param>
internal sealed record RetryBudgetConfig(double Percent, int MinConcurrency);
