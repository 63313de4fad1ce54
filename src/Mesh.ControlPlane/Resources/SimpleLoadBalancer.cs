namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>UNSPECIFIED and LEAST_CONN mean LEAST_REQUEST.</summary>
internal enum SimpleLoadBalancer
{
    LeastRequest,
    RoundRobin,
    Random,

    /// <summary>The address that the caller asked for, untouched.</summary>
    PassThrough,
}
