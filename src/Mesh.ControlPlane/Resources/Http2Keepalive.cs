namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>connectionPool.http.http2KeepAlive: PING interval, and how long the answer may take.</summary>
internal sealed record Http2Keepalive(TimeSpan Interval, TimeSpan Timeout);
