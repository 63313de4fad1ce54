using System.Runtime.CompilerServices;
using ProxylessMesh.Client.AttemptHeaders;
using ProxylessMesh.Client.CircuitBreaking;
using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Client.Connections;
using ProxylessMesh.Client.Hedging;
using ProxylessMesh.Client.LoadBalancing;
using ProxylessMesh.Client.OutlierDetection;
using ProxylessMesh.Client.Outcomes;
using ProxylessMesh.Client.Retries;
using ProxylessMesh.Client.Routing;
using ProxylessMesh.Client.Telemetry;

namespace ProxylessMesh.Client.Calls;

/// <summary>One call along a forwarding route: the attempts, and what comes of them.</summary>
internal static class MeshCall
{
    public static Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, RouteModel route, HttpMessageInvoker passThrough, CallContext context, CancellationToken cancellationToken) =>
        SendAsync(request, route, route.Choose(request, context.Random, out _), passThrough, context, cancellationToken).AsTask();

    public static ValueTask<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        RouteModel route,
        ClusterState cluster,
        HttpMessageInvoker passThrough,
        CallContext context,
        CancellationToken cancellationToken)
    {
        cluster = cluster.Choose(context.Random);
        return CallTelemetry.IsOn
            ? ObservedCall.SendAsync(request, route, cluster, passThrough, context, cancellationToken)
            : RunAsync(request, route, cluster, passThrough, context, cancellationToken);
    }

    // What a call keeps while it waits is large; a pooled box for it leaves one small task to allocate.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<HttpResponseMessage> RunAsync(
        HttpRequestMessage request,
        RouteModel route,
        ClusterState cluster,
        HttpMessageInvoker passThrough,
        CallContext context,
        CancellationToken cancellationToken)
    {
        if (cluster.Model.Config is { Discovery: Xds.Config.ClusterDiscovery.PassThrough, Tls: null })
        {
            return await passThrough.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }

        var deadline = route.Timeouts.Start(request, context.Time, cancellationToken);
        var token = deadline?.Token ?? cancellationToken;
        var hash = route.Hasher?.Compute(request, context.Random);
        var session = route.Sessions?.Find(request);
        var replies = new CallReplies(request, route, cluster);
        var hedges = route.Hedges && Replay.IsRepeatable(request.Content);
        var replay = ReplayContent.Wrap(request, route, deadline?.Idle);
        var tried = default(TriedEndpoints);
        Endpoint? held = null;
        var onConnection = false;
        var retrying = false;
        var handedOver = false;
        try
        {
            if (hedges)
            {
                var response = await HedgedCall.SendAsync(request, route, cluster, context, deadline, hash?.Value, cancellationToken).ConfigureAwait(false);
                handedOver = response.Content is not LocalReplyContent;
                if (handedOver)
                {
                    hash?.AddCookie(response);
                }

                return response;
            }

            for (var attempt = 1; ; attempt++)
            {
                // 1. A slot of the cluster, once it is known where it is.
                if (cluster.FirstAddresses is { } looking && !await FirstLookup.EndsAsync(looking, token).ConfigureAwait(false))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    return replies.TimedOut(deadline, null, attempt - 1, " while the cluster's name was looked up");
                }

                var admission = await cluster.EnterAsync(HasOwnConnection(request, cluster), token).ConfigureAwait(false);
                if (admission is not (Admission.Admitted or Admission.AdmittedOnConnection))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    return replies.NotAdmitted(admission, deadline, attempt - 1);
                }

                onConnection = admission == Admission.AdmittedOnConnection;

                // 2. An endpoint, with a slot taken.
                var reselections = route.Retry?.HostSelectionAttempts ?? 1;
                var endpoint = route.Sessions is null
                    ? cluster.Pick(in tried, hash?.Value, reselections)
                    : route.Sessions.Pick(session, cluster, in tried, hash?.Value, reselections);
                held = endpoint;
                if (endpoint is null)
                {
                    cluster.Breaker.Leave(onConnection);
                    return replies.NoEndpoint(attempt - 1, context.Time);
                }

                // 3. The attempt.
                var load = endpoint.Load;
                load?.Begin();
                route.Marks?.Apply(request, attempt, deadline);
                deadline?.Idle?.Restart();
                AttemptResult result;
                if (route.PerTryTimeout is null)
                {
                    // Without a method of its own to wait in: each costs every call.
                    var sent = Attempt.Begin(request, endpoint, token);
                    await ((Task)sent).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    result = Attempt.ResultOf(request, sent, token, token);
                }
                else
                {
                    result = await Attempt.SendAsync(request, endpoint, route.PerTryTimeout, context.Time, token).ConfigureAwait(false);
                }

                if (result.Response is null)
                {
                    load?.Fail(result.Outcome);
                }

                if (retrying)
                {
                    retrying = false;
                    cluster.Breaker.EndRetry();
                }

                if (result.Cancelled)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    cluster.Outliers.Record(endpoint, AttemptVerdict.LocalFailure);
                    return replies.TimedOut(deadline, endpoint, attempt, "");
                }

                CallerFault.ThrowIfAny(request, in result);
                cluster.Outliers.Record(endpoint, result.Judge(cluster.Outliers.Errors));

                // 4. Another one? Never after the caller or the deadline has given up.
                var wanted = ShouldRetry(request, route, in result, attempt);
                var pause = wanted ? RetryPause.Of(route.Retry!, attempt, result.Response, context) : TimeSpan.Zero;
                wanted = wanted && deadline?.Allows(pause) != false;
                retrying = wanted && cluster.Breaker.TryBeginRetry();
                if (!retrying)
                {
                    var overflow = wanted ? ResponseFlags.UpstreamOverflow : ResponseFlags.None;
                    if (result.Response is { } response)
                    {
                        held = null;
                        handedOver = true;
                        hash?.AddCookie(response);
                        route.Sessions?.AddCookie(request, session, response, endpoint, cluster);
                        return Lease(response, endpoint, deadline, route, cluster, attempt, overflow, onConnection);
                    }

                    return replies.Failed(endpoint, attempt, in result, overflow);
                }

                if (result.Response is { } unwanted)
                {
                    load?.End(unwanted);
                    unwanted.Dispose();
                }

                held = null;
                endpoint.EndRequest(onConnection);
                tried.Record(endpoint, route.Retry!);

                // 5. After a jittered pause.
                if (!await PauseAsync(pause, context.Time, token).ConfigureAwait(false))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    return replies.TimedOut(deadline, endpoint, attempt, $" between attempts; the last failed: {result.Describe()}");
                }
            }
        }
        finally
        {
            held?.EndRequest(onConnection);
            if (retrying)
            {
                cluster.Breaker.EndRetry();
            }

            if (!handedOver)
            {
                deadline?.Dispose();
            }

            replay?.Restore(request);
            route.Marks?.Remove(request);
        }
    }

    /// <summary>A request in HTTP/1.1 has its connection for itself.</summary>
    public static bool HasOwnConnection(HttpRequestMessage request, ClusterState cluster) =>
        !WireVersion.IsHttp2(request) && cluster.Model.Config?.ConnectionPool.UpgradeToHttp2 != true;

    public static bool ShouldRetry(HttpRequestMessage request, RouteModel route, in AttemptResult result, int attempt)
    {
        if (route.Retry is not { } policy || attempt > policy.MaxRetries || !Replay.IsPossible(request.Content, result.Outcome)
            || route.RetryHeaders?.Allow(request) == false)
        {
            return false;
        }

        return result.Response is { } response
            ? RetryDecision.ForResponse(policy, route.RetryHeaders, response)
            : RetryDecision.ForFailure(policy, result.Outcome);
    }

    public static HttpResponseMessage Lease(
        HttpResponseMessage response, Endpoint endpoint, Deadline? deadline, RouteModel route, ClusterState cluster, int attempt, ResponseFlags overflow, bool onConnection)
    {
        if (ProtocolSwitch.Happened(response))
        {
            deadline?.Dispose();
            deadline = null;
        }

        if (route.MarksResponses)
        {
            response.Headers.Remove(AttemptNumber.Header);
            response.Headers.TryAddWithoutValidation(AttemptNumber.Header, AttemptNumber.Text(attempt));
        }

        deadline?.Idle?.EnterBody();
        if (LeasedContent.IsInMemory(response.Content))
        {
            endpoint.Load?.End(response);
            endpoint.EndRequest(onConnection);
            deadline?.Dispose();
            return response;
        }

        var exhausted = route.Retry is { } policy && attempt > 1 && attempt > policy.MaxRetries && RetryDecision.ForResponse(policy, route.RetryHeaders, response);
        var content = new LeasedContent(
            response.Content,
            endpoint,
            deadline,
            route,
            cluster,
            attempt,
            overflow | (exhausted ? ResponseFlags.UpstreamRetryLimitExceeded : ResponseFlags.None),
            onConnection);
        if (endpoint.Load is not null)
        {
            content.TellsLoad(response);
        }

        response.Content = content;
        return response;
    }

    public static async ValueTask<bool> PauseAsync(TimeSpan pause, TimeProvider time, CancellationToken token)
    {
        try
        {
            await Task.Delay(pause, time, token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
