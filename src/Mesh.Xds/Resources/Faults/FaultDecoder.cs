using Envoy.Extensions.Filters.Common.Fault.V3;
using Envoy.Extensions.Filters.Http.Fault.V3;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources.Matching;

namespace ProxylessMesh.Xds.Resources.Faults;

/// <summary>
/// HTTPFault (gRFC A33). The *_runtime fields name overrides in a runtime that does not exist here, so the values given count,
/// as gRPC does; disable_downstream_cluster_stats and filter_metadata only inform.
/// </summary>
internal static class FaultDecoder
{
    private const int MaxGrpcStatus = 16;

    public static FaultConfig Decode(HTTPFault fault, DecodeContext context)
    {
        context.Refuse(fault.ResponseRateLimit is not null, "response_rate_limit");
        var headers = new List<HeaderMatchConfig>(fault.Headers.Count);
        for (var i = 0; i < fault.Headers.Count; i++)
        {
            using (context.Enter("headers", i))
            {
                if (HeaderMatcherDecoder.Decode(fault.Headers[i], context) is { } header)
                {
                    headers.Add(header);
                }
            }
        }

        return new FaultConfig(
            Delay(fault.Delay, context),
            Abort(fault.Abort, context),
            fault.MaxActiveFaults,
            fault.UpstreamCluster,
            headers.ToEquatableArray(),
            fault.DownstreamNodes.ToEquatableArray());
    }

    private static FaultDelayConfig? Delay(FaultDelay? delay, DecodeContext context)
    {
        if (delay is null)
        {
            return null;
        }

        using (context.Enter("delay"))
        {
            var share = FractionDecoder.Decode(delay.Percentage, context);
            switch (delay.FaultDelaySecifierCase)
            {
                case FaultDelay.FaultDelaySecifierOneofCase.FixedDelay:
                    return DurationReader.Positive(delay.FixedDelay, "fixed_delay", context) is { } duration
                        ? new FaultDelayConfig(duration, share)
                        : null;
                case FaultDelay.FaultDelaySecifierOneofCase.HeaderDelay:
                    return new FaultDelayConfig(null, share);
                default:
                    context.Error("fixed_delay", "is missing");
                    return null;
            }
        }
    }

    private static FaultAbortConfig? Abort(FaultAbort? abort, DecodeContext context)
    {
        if (abort is null)
        {
            return null;
        }

        using (context.Enter("abort"))
        {
            var share = FractionDecoder.Decode(abort.Percentage, context);
            switch (abort.ErrorTypeCase)
            {
                case FaultAbort.ErrorTypeOneofCase.HttpStatus:
                    if (abort.HttpStatus is < 200 or > 599)
                    {
                        context.Error("http_status", "must be 200 to 599");
                    }

                    return new FaultAbortConfig((int)abort.HttpStatus, null, share);
                case FaultAbort.ErrorTypeOneofCase.GrpcStatus:
                    if (abort.GrpcStatus > MaxGrpcStatus)
                    {
                        context.Error("grpc_status", $"must be 0 to {MaxGrpcStatus}");
                    }

                    return new FaultAbortConfig(null, (int)abort.GrpcStatus, share);
                case FaultAbort.ErrorTypeOneofCase.HeaderAbort:
                    return new FaultAbortConfig(null, null, share);
                default:
                    context.Error("error_type", "is missing");
                    return null;
            }
        }
    }
}
