namespace ProxylessMesh.ControlPlane.Model;

/// <summary>A workload as an endpoint of one port of one service.</summary>
/// <param name="Workload">What serves.</param>
/// <param name="Port">Where it listens.</param>
/// <param name="MutualTls">Whether callers must speak mTLS with it: it has an identity, and its PeerAuthentication is not DISABLE.</param>
internal readonly record struct ServiceEndpoint(MeshWorkload Workload, int Port, bool MutualTls);
