using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.Client.Outcomes;

/// <summary>A gRPC caller's own deadline, the header grpc-timeout: it bounds the whole call, and a route can only make it shorter (gRFC A31).</summary>
internal static class GrpcDeadline
{
    /// <param name="routeTimeout">Zero: none.</param>
    /// <param name="request">With the caller's deadline, if any.</param>
    /// <param name="offset">Taken from the caller's deadline, if that is longer.</param>
    public static TimeSpan Bound(TimeSpan routeTimeout, HttpRequestMessage request, TimeSpan offset)
    {
        if (request.Version.Major < 2
            || !request.Headers.NonValidated.TryGetValues(GrpcTimeout.Header, out var text)
            || !GrpcTimeout.TryParse(text.ToString(), out var caller)
            || caller <= TimeSpan.Zero
            || caller.TotalMilliseconds > int.MaxValue)
        {
            return routeTimeout;
        }

        caller -= offset < caller ? offset : TimeSpan.Zero;
        return routeTimeout == TimeSpan.Zero || caller < routeTimeout ? caller : routeTimeout;
    }
}
