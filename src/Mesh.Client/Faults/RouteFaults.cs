using System.Globalization;
using System.Net;
using ProxylessMesh.Client.Calls;
using ProxylessMesh.Client.Outcomes;
using ProxylessMesh.Client.Routing;

namespace ProxylessMesh.Client.Faults;

/// <summary>
/// The faults of a route, before anything is sent. As in Envoy, the filter stands before the router: a delay counts against
/// nothing but the caller's own patience, and an abort is not retried.
/// </summary>
/// <param name="injectors">In the order of the filter chain.</param>
/// <param name="branches">When clusters have faults of their own: the route to each of them alone.</param>
internal sealed class RouteFaults(FaultInjector[] injectors, FaultBranches? branches)
{
    /// <summary>Answers, or returns the route to go on along and whether the call was delayed.</summary>
    public async ValueTask<FaultOutcome> InjectAsync(
        HttpRequestMessage request, string authority, RouteModel route, CallContext context, CancellationToken cancellationToken)
    {
        if (branches is not null)
        {
            route = branches.Choose(context.Random);
            return route.Faults is { } faults
                ? await faults.InjectAsync(request, authority, route, context, cancellationToken).ConfigureAwait(false)
                : new FaultOutcome(null, route, Delayed: false);
        }

        var delayed = false;
        foreach (var injector in injectors)
        {
            if (!injector.AppliesTo(request, authority, route))
            {
                continue;
            }

            // Independent dice (gRFC A33).
            var delay = injector.Delay(request, context.Random);
            var abort = injector.Abort(request, context.Random);
            if ((delay == TimeSpan.Zero && abort is null) || !context.Faults.TryEnter(injector.MaxActive))
            {
                continue;
            }

            try
            {
                if (delay > TimeSpan.Zero)
                {
                    delayed = true;
                    await Task.Delay(delay, context.Time, cancellationToken).ConfigureAwait(false);
                }
            }
            finally
            {
                context.Faults.Leave();
            }

            if (abort is { } error)
            {
                return new FaultOutcome(Reply(request, route, error, delayed), route, delayed);
            }
        }

        return new FaultOutcome(null, route, delayed);
    }

    private static HttpResponseMessage Reply(HttpRequestMessage request, RouteModel route, FaultAbort abort, bool delayed)
    {
        var what = abort.HttpStatus is { } http
            ? string.Create(CultureInfo.InvariantCulture, $"HTTP status {http}")
            : string.Create(CultureInfo.InvariantCulture, $"gRPC status {abort.GrpcStatus}");
        var flags = ResponseFlags.FaultInjected | (delayed ? ResponseFlags.DelayInjected : ResponseFlags.None);
        var outcome = new MeshOutcome(flags, route.Name, null, null, 0, $"fault filter abort: route \"{route.Name}\" injects {what}");
        return abort.HttpStatus is { } status
            ? LocalReply.Create(request, (HttpStatusCode)status, outcome)
            : LocalReply.CreateGrpc(request, abort.GrpcStatus!.Value, outcome);
    }
}
