using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ProxylessMesh.Client.CircuitBreaking;
using ProxylessMesh.Client.Outcomes;
using ProxylessMesh.Server.Filters;
using ProxylessMesh.Server.Hosting;
using ProxylessMesh.Server.Listening;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.Server.LoadShedding;

/// <summary>
/// Bounds how many requests the app serves at once, over all its ports: those beyond it wait in a short queue, and the rest are
/// refused before anything was done for them (Envoy, "Overload manager", stop_accepting_requests).
/// </summary>
internal sealed partial class LoadShedder(IInboundMesh mesh, ILogger<LoadShedder> logger) : IDisposable
{
    private static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(10);

    // The header keeps callers from trying again (Envoy, "HTTP router", x-envoy-overloaded); OM and "overload" are the overload manager's.
    private static readonly InboundReply Overloaded = new(503, GrpcStatusCode.Unavailable, "The server is overloaded")
    {
        Flags = ResponseFlags.OverloadManager,
        Details = "overload",
        Headers = [new(OverloadedHeader.Name, OverloadedHeader.Value)],
    };

    private readonly ConcurrencyLimiter? _limiter = mesh.Options.MaxConcurrentRequests is { } limit
        ? new ConcurrencyLimiter(new ConcurrencyLimiterOptions
        {
            PermitLimit = limit,
            QueueLimit = mesh.Options.RequestQueueLimit,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        })
        : null;

    private readonly int _limit = mesh.Options.MaxConcurrentRequests ?? 0;
    private readonly bool _queues = mesh.Options.RequestQueueLimit > 0;
    private readonly LogThrottle _refusals = new(mesh.Time, LogInterval);

    /// <summary>Whether a limit is set; without one nothing else may be asked.</summary>
    public bool IsOn => _limiter is not null;

    /// <returns>The request's place, which is free again once disposed of; null: it is over, answered or given up by its caller.</returns>
    public ValueTask<RateLimitLease?> EnterAsync(HttpContext context)
    {
        var lease = _limiter!.AttemptAcquire();
        return lease.IsAcquired ? new ValueTask<RateLimitLease?>(lease)
            : _queues ? QueueAsync(context)
            : RefuseAsync(context);
    }

    public void Dispose() => _limiter?.Dispose();

    private async ValueTask<RateLimitLease?> QueueAsync(HttpContext context)
    {
        var aborted = context.RequestAborted;
        RateLimitLease lease;
        try
        {
            lease = await _limiter!.AcquireAsync(1, aborted).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (aborted.IsCancellationRequested)
        {
            return null;
        }

        return lease.IsAcquired ? lease : await RefuseAsync(context).ConfigureAwait(false);
    }

    private async ValueTask<RateLimitLease?> RefuseAsync(HttpContext context)
    {
        if (_refusals.TryPass(out var suppressed))
        {
            Log.Overloaded(logger, _limit, suppressed);
        }

        await InboundReplyWriter.WriteAsync(context, Overloaded).ConfigureAwait(false);
        return null;
    }

    private static partial class Log
    {
        [LoggerMessage(3420, LogLevel.Warning, "{Limit} requests are in service (Mesh:MaxConcurrentRequests) and the queue is full: refused one with 503 ({Suppressed} more since the last line)")]
        public static partial void Overloaded(ILogger logger, int limit, int suppressed);
    }
}
