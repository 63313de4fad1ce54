namespace ProxylessMesh.ControlPlane.Translation;

/// <summary>Which shapes a client understands, by node metadata GENERATOR.</summary>
internal enum ProxyProfile
{
    /// <summary>Everything that this project's data plane does, in Envoy's own fields.</summary>
    Mesh,

    /// <summary>Exactly what Istio sends to proxyless gRPC.</summary>
    Grpc,
}
