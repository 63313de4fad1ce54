using ProxylessMesh.Client.Outcomes;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.Timeouts;

/// <summary>How long a call along a route may take, and how long nothing may happen in it. Compiled once per route.</summary>
internal sealed class CallTimeouts
{
    public static CallTimeouts None { get; } = new();

    /// <summary>Of the whole call; zero: none.</summary>
    public TimeSpan Call { get; private init; }

    /// <summary>What counts for gRPC calls instead (gRFC A31); null: <see cref="Call"/>.</summary>
    public GrpcTimeoutConfig? Grpc { get; private init; }

    /// <summary>Without a byte either way; zero: for ever.</summary>
    public TimeSpan Idle { get; private init; }

    /// <summary>The same while the response's body is read, where the attempt's own limit counts, too.</summary>
    public TimeSpan BodyIdle { get; private init; }

    /// <param name="route">The route.</param>
    /// <param name="http">What its connection manager says for routes that do not; null: nothing.</param>
    public static CallTimeouts Compile(ForwardActionConfig route, HttpConnectionConfig? http)
    {
        var call = route.Timeout ?? TimeSpan.Zero;
        var grpc = route.GrpcTimeout;
        if (!route.OwnStreamDuration && http?.MaxStreamDuration is { } general)
        {
            call = Shorter(call, general);
        }

        var idle = route.IdleTimeout ?? http?.StreamIdleTimeout ?? TimeSpan.Zero;
        return new CallTimeouts
        {
            Call = call,
            Grpc = grpc,
            Idle = idle,
            BodyIdle = Shorter(idle, route.Retry?.PerTryIdleTimeout ?? TimeSpan.Zero),
        };
    }

    /// <summary>Null: nothing bounds the call.</summary>
    public Deadline? Start(HttpRequestMessage request, TimeProvider time, CancellationToken caller)
    {
        var timeout = Grpc is { } grpc && LocalReply.IsGrpc(request)
            ? GrpcDeadline.Bound(grpc.Max, request, grpc.Offset)
            : GrpcDeadline.Bound(Call, request, TimeSpan.Zero);
        return timeout > TimeSpan.Zero || BodyIdle > TimeSpan.Zero ? Deadline.Start(timeout, Idle, BodyIdle, time, caller) : null;
    }

    /// <summary>Zero is none.</summary>
    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a == TimeSpan.Zero || (b != TimeSpan.Zero && b < a) ? b : a;
}
