using System.Net;
using ProxylessMesh.Client.AttemptHeaders;
using ProxylessMesh.Client.CircuitBreaking;
using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Client.Drops;
using ProxylessMesh.Client.Outcomes;
using ProxylessMesh.Client.Retries;
using ProxylessMesh.Client.Routing;

namespace ProxylessMesh.Client.Calls;

/// <summary>What the mesh itself answers to a call along a route, as Envoy would, with the reason in a sentence.</summary>
internal readonly struct CallReplies(HttpRequestMessage request, RouteModel route, ClusterState cluster)
{
    /// <summary>503, with x-envoy-overloaded where it was a limit: that also keeps callers further up from trying again.</summary>
    public HttpResponseMessage NotAdmitted(Admission admission, Deadline? deadline, int attempts)
    {
        if (admission == Admission.Cancelled)
        {
            return TimedOut(deadline, null, attempts, " while the request waited for a connection");
        }

        if (admission == Admission.Dropped)
        {
            var dropped = Create(
                HttpStatusCode.ServiceUnavailable, ResponseFlags.DropOverload, null, attempts, $"the control plane drops calls to {cluster.Name} ({cluster.Drops})");
            dropped.Headers.TryAddWithoutValidation(DropOverloadHeader.Name, DropOverloadHeader.Value);
            return dropped;
        }

        var response = Create(
            HttpStatusCode.ServiceUnavailable, ResponseFlags.UpstreamOverflow, null, attempts, OverflowDescription.Of(cluster, admission));
        response.Headers.TryAddWithoutValidation(OverloadedHeader.Name, OverloadedHeader.Value);
        return response;
    }

    public HttpResponseMessage NoEndpoint(int attempts, TimeProvider time)
    {
        var flags = cluster.Model.Config is null ? ResponseFlags.NoClusterFound : ResponseFlags.NoHealthyUpstream;
        return Create(HttpStatusCode.ServiceUnavailable, flags, null, attempts, ClusterDescription.WhyNoEndpoint(cluster, route.Described, time));
    }

    /// <param name="deadline">That ran out.</param>
    /// <param name="endpoint">The last one tried, if any.</param>
    /// <param name="attempts">So far.</param>
    /// <param name="when">Ends the sentence.</param>
    public HttpResponseMessage TimedOut(Deadline? deadline, Endpoint? endpoint, int attempts, string when) => Create(
        HttpStatusCode.GatewayTimeout,
        deadline is { IsIdle: true } ? ResponseFlags.StreamIdleTimeout : ResponseFlags.UpstreamRequestTimeout,
        endpoint,
        attempts,
        $"{deadline?.Reason}{when}{OfRoute}");

    public HttpResponseMessage Failed(Endpoint endpoint, int attempt, in AttemptResult result, ResponseFlags overflow)
    {
        var flags = overflow | result.Outcome switch
        {
            AttemptOutcome.ConnectFailure => ResponseFlags.UpstreamConnectionFailure,
            AttemptOutcome.PerTryTimeout => ResponseFlags.UpstreamRequestTimeout,
            AttemptOutcome.RefusedStream or AttemptOutcome.RemoteReset => ResponseFlags.UpstreamRemoteReset,
            AttemptOutcome.ProtocolError => ResponseFlags.UpstreamProtocolError,
            _ => ResponseFlags.UpstreamConnectionTermination,
        };
        if (route.Retry is { MaxRetries: > 0 } policy && attempt > policy.MaxRetries)
        {
            flags |= ResponseFlags.UpstreamRetryLimitExceeded;
        }

        var status = result.Outcome switch
        {
            AttemptOutcome.PerTryTimeout => HttpStatusCode.GatewayTimeout,
            AttemptOutcome.ProtocolError => HttpStatusCode.BadGateway,
            _ => HttpStatusCode.ServiceUnavailable,
        };
        return Create(status, flags, endpoint, attempt, $"{result.Describe()} ({endpoint.Authority}, attempt {attempt}){OfRoute}");
    }

    private string OfRoute => route.Described.Length == 0 ? "" : $"; {route.Described}";

    private HttpResponseMessage Create(HttpStatusCode status, ResponseFlags flags, Endpoint? endpoint, int attempts, string reason)
    {
        var response = LocalReply.Create(request, status, new MeshOutcome(flags, route.Name, cluster.Name, endpoint?.Authority, attempts, reason));
        if (route.MarksResponses)
        {
            response.Headers.TryAddWithoutValidation(AttemptNumber.Header, AttemptNumber.Text(attempts));
        }

        return response;
    }
}
