namespace ProxylessMesh.Xds.Config;

/// <summary>What bounds a gRPC call along a route (gRFC A31; RouteAction.MaxStreamDuration).</summary>
/// <param name="Max">Of the whole call; the caller's own deadline may be shorter. Zero: that alone counts.</param>
/// <param name="Offset">Taken from the caller's deadline, so that its upstream gives up before it does.</param>
internal readonly record struct GrpcTimeoutConfig(TimeSpan Max, TimeSpan Offset);
