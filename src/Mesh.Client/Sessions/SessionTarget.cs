namespace ProxylessMesh.Client.Sessions;

/// <summary>Where a session's requests go: what its cookie says.</summary>
/// <param name="Address">Of the endpoint: <c>10.0.0.1:9080</c>.</param>
/// <param name="Cluster">That it was an endpoint of; empty: not said.</param>
internal sealed record SessionTarget(string Address, string Cluster);
