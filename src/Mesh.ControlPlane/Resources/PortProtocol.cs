namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>What a port speaks (Istio, protocol selection).</summary>
internal enum PortProtocol
{
    /// <summary>Not said: treated as HTTP/1.1 or HTTP/2 as the caller speaks it.</summary>
    Unspecified,
    Http,
    Http2,
    Grpc,
    Https,
    Tls,
    Tcp,
}
