namespace ProxylessMesh.Xds.Config;

/// <summary>How the weight of a new endpoint grows (Cluster.SlowStartConfig): by (age / window)^(1 / aggression).</summary>
/// <param name="Window">Until the full weight is reached.</param>
/// <param name="Aggression">1: in a straight line; more: faster at first.</param>
/// <param name="MinimumShare">Of the full weight at the start, 0 to 1.</param>
internal sealed record SlowStartConfig(TimeSpan Window, double Aggression, double MinimumShare);
