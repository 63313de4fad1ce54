namespace ProxylessMesh.Sidecar;

/// <summary>The HTTP proxy through which the app calls: <c>http_proxy=http://127.0.0.1:15001</c>.</summary>
public sealed class OutboundOptions
{
    /// <summary>Where it listens, as <c>127.0.0.1:15001</c>; a loopback address. Default: none, off.</summary>
    public string? Listen { get; set; }
}
