namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>UNSPECIFIED and LEAST_CONN mean LEAST_REQUEST.</summary>
internal enum SimpleLoadBalancer
{
    LeastRequest,
    RoundRobin,
    Random,
}
