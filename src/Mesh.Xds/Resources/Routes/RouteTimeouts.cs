using Envoy.Config.Route.V3;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Resources.Routes;

/// <summary>The durations of a RouteAction (gRFC A31).</summary>
internal static class RouteTimeouts
{
    /// <summary>route_components.proto: the timeout of a route that says nothing.</summary>
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(15);

    public static ForwardActionConfig Add(ForwardActionConfig forward, RouteAction action, DecodeContext context)
    {
        var timeout = DurationReader.NotNegative(action.Timeout, "timeout", context);
        var stream = DurationReader.NotNegative(action.MaxStreamDuration?.MaxStreamDuration_, "max_stream_duration.max_stream_duration", context);
        return forward with
        {
            Timeout = (timeout ?? stream) is null ? DefaultTimeout : OrNull(Shorter(timeout ?? TimeSpan.Zero, stream ?? TimeSpan.Zero)),
            OwnStreamDuration = stream is not null,
            GrpcTimeout = Grpc(action, timeout ?? TimeSpan.Zero, context),
            IdleTimeout = DurationReader.NotNegative(action.IdleTimeout, "idle_timeout", context),
        };
    }

    /// <summary>Zero is none.</summary>
    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a == TimeSpan.Zero || (b != TimeSpan.Zero && b < a) ? b : a;

    private static TimeSpan? OrNull(TimeSpan timeout) => timeout == TimeSpan.Zero ? null : timeout;

    /// <summary>
    /// grpc_timeout_header_max takes the place of max_stream_duration, and max_grpc_timeout, its older form, also that of the
    /// timeout. An offset means something only beside one of them.
    /// </summary>
    private static GrpcTimeoutConfig? Grpc(RouteAction action, TimeSpan timeout, DecodeContext context)
    {
        var max = DurationReader.NotNegative(action.MaxStreamDuration?.GrpcTimeoutHeaderMax, "max_stream_duration.grpc_timeout_header_max", context);
        var offset = DurationReader.NotNegative(action.MaxStreamDuration?.GrpcTimeoutHeaderOffset, "max_stream_duration.grpc_timeout_header_offset", context);
        var olderMax = DurationReader.NotNegative(action.MaxGrpcTimeout, "max_grpc_timeout", context);
        var olderOffset = DurationReader.NotNegative(action.GrpcTimeoutOffset, "grpc_timeout_offset", context);
        return (max, olderMax) switch
        {
            ({ } newer, _) => new GrpcTimeoutConfig(Shorter(timeout, newer), offset ?? TimeSpan.Zero),
            (_, { } older) => new GrpcTimeoutConfig(older, olderOffset ?? TimeSpan.Zero),
            _ => null,
        };
    }
}
