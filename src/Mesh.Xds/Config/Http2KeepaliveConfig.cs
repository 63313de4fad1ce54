namespace ProxylessMesh.Xds.Config;

/// <summary>PING on HTTP/2 connections: how often, and how long an answer may take until the connection counts as dead.</summary>
internal sealed record Http2KeepaliveConfig(TimeSpan Interval, TimeSpan Timeout);
