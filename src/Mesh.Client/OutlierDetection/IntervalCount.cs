using ProxylessMesh.Client.Clusters;

namespace ProxylessMesh.Client.OutlierDetection;

/// <summary>What one endpoint did in one interval.</summary>
internal readonly record struct IntervalCount(Endpoint Endpoint, int Total, int Successes);
