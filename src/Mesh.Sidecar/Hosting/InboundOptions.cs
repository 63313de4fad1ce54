namespace ProxylessMesh.Sidecar;

/// <summary>One port of the workload: where the mesh comes in, and where the app listens.</summary>
public sealed class InboundOptions
{
    /// <summary>Where other workloads connect, as <c>10.0.0.7:9080</c>; port 0 takes any free one. The port that is registered.</summary>
    public string Listen { get; set; } = "";

    /// <summary>Where the app listens, as <c>127.0.0.1:8080</c>: on loopback, so that nobody gets past the policies.</summary>
    public string Forward { get; set; } = "";

    /// <summary>What the port carries. Default: <see cref="InboundProtocol.Http"/>.</summary>
    public InboundProtocol Protocol { get; set; } = InboundProtocol.Http;

    /// <summary>Whether the app speaks HTTP/2 without TLS (h2c, prior knowledge), as gRPC servers do; callers in HTTP/2 are then forwarded in it. Default: false.</summary>
    public bool Http2 { get; set; }
}
