namespace ProxylessMesh.Sidecar;

/// <summary>What an inbound port carries.</summary>
public enum InboundProtocol
{
    /// <summary>HTTP/1.1, HTTP/2, gRPC and WebSockets: policies see requests.</summary>
    Http,

    /// <summary>Bytes that only the app understands: policies see connections.</summary>
    Tcp,
}
