using ProxylessMesh.Client.Calls;
using ProxylessMesh.Client.CircuitBreaking;
using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Client.LoadBalancing;
using ProxylessMesh.Client.OutlierDetection;
using ProxylessMesh.Client.Outcomes;
using ProxylessMesh.Client.Retries;
using ProxylessMesh.Client.Routing;

namespace ProxylessMesh.Client.Hedging;

/// <summary>
/// A call whose attempts do not end at the per-try timeout: another one joins them, and the first good response wins
/// (HedgePolicy.hedge_on_per_try_timeout). Each attempt after the first counts as a retry, with its limits; a hedge needs no word in
/// retry_on, as nothing has failed yet.
/// </summary>
internal sealed class HedgedCall
{
    private readonly HttpRequestMessage _request;
    private readonly RouteModel _route;
    private readonly ClusterState _cluster;
    private readonly CallContext _context;
    private readonly Deadline? _deadline;
    private readonly ulong? _hash;
    private readonly CancellationToken _caller;
    private readonly List<HedgedAttempt> _running = [];
    private TriedEndpoints _tried;
    private HedgedAttempt? _newest;
    private int _attempts;
    private bool _isLate;

    private HedgedCall(
        HttpRequestMessage request, RouteModel route, ClusterState cluster, CallContext context, Deadline? deadline, ulong? hash, CancellationToken caller)
    {
        _request = request;
        _route = route;
        _cluster = cluster;
        _context = context;
        _deadline = deadline;
        _hash = hash;
        _caller = caller;
    }

    private CancellationToken Token => _deadline?.Token ?? _caller;

    /// <summary>The response holds the deadline if it came from an upstream.</summary>
    public static async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, RouteModel route, ClusterState cluster, CallContext context, Deadline? deadline, ulong? hash, CancellationToken caller)
    {
        var call = new HedgedCall(request, route, cluster, context, deadline, hash, caller);
        try
        {
            return await call.RunAsync().ConfigureAwait(false);
        }
        finally
        {
            foreach (var attempt in call._running)
            {
                attempt.Abandon();
            }
        }
    }

    private async Task<HttpResponseMessage> RunAsync()
    {
        Start();
        while (true)
        {
            // 1. The first attempt that is over, or that the newest one takes too long.
            if (await NextAsync().ConfigureAwait(false) is not { } over)
            {
                _isLate = true;
                if (_newest!.Endpoint is { } slow)
                {
                    _cluster.Outliers.Record(slow, AttemptVerdict.LocalFailure);
                }

                if (_attempts <= _route.Retry!.MaxRetries && _cluster.Breaker.TryBeginRetry())
                {
                    Start();
                }

                continue;
            }

            _running.Remove(over);
            if (over.Endpoint is null || over.Result.Cancelled)
            {
                if (Reply(over) is { } reply)
                {
                    return reply;
                }

                continue;
            }

            // 2. A response that is not one to retry wins.
            var result = over.Result;
            EndIfCallersFault(over);
            _cluster.Outliers.Record(over.Endpoint, result.Judge(_cluster.Outliers.Errors));
            var wanted = MeshCall.ShouldRetry(_request, _route, in result, _attempts);
            var pause = wanted ? RetryPause.Of(_route.Retry!, _attempts, result.Response, _context) : TimeSpan.Zero;
            if (wanted && _deadline?.Allows(pause) != false && _cluster.Breaker.TryBeginRetry())
            {
                over.End();
                if (!await MeshCall.PauseAsync(pause, _context.Time, Token).ConfigureAwait(false))
                {
                    _cluster.Breaker.EndRetry();
                    _caller.ThrowIfCancellationRequested();
                    return Replies.TimedOut(_deadline, over.Endpoint, _attempts, " between attempts");
                }

                Start();
                continue;
            }

            // 3. A failure loses while others may still do better.
            if (_running.Count > 0 && IsFailure(result))
            {
                over.End();
                continue;
            }

            return Finish(over, wanted ? ResponseFlags.UpstreamOverflow : ResponseFlags.None);
        }
    }

    private void EndIfCallersFault(HedgedAttempt over)
    {
        var result = over.Result;
        try
        {
            CallerFault.ThrowIfAny(_request, in result);
        }
        catch
        {
            over.End();
            throw;
        }
    }

    private CallReplies Replies => new(_request, _route, _cluster);

    /// <summary>What the policy would repeat, whether or not there are attempts left.</summary>
    private bool IsFailure(in AttemptResult result) => MeshCall.ShouldRetry(_request, _route, in result, 0);

    private void Start()
    {
        if (_newest?.Endpoint is { } previous)
        {
            _tried.Record(previous, _route.Retry!);
        }

        _attempts++;
        _isLate = false;
        var request = RequestCopy.WithoutBody(_request);
        request.Content = _request.Content;
        _route.Marks?.Apply(request, _attempts, _deadline);
        _deadline?.Idle?.Restart();
        _newest = new HedgedAttempt(_cluster, _attempts, _route.PerTryTimeout!.Value, _context.Time, Token);
        _running.Add(_newest);
        _newest.Start(request, _tried, _hash, _route.Retry!.HostSelectionAttempts, _context.Time);
    }

    /// <summary>Null: the newest attempt is late.</summary>
    private async Task<HedgedAttempt?> NextAsync()
    {
        var tasks = new List<Task>(_running.Count + 1);
        tasks.AddRange(_running.Select(a => a.Done));
        if (!_isLate && _running.Contains(_newest!))
        {
            tasks.Add(_newest!.Late);
        }

        await Task.WhenAny(tasks).ConfigureAwait(false);
        return _running.Find(a => a.Done.IsCompleted);
    }

    /// <summary>To an attempt that came to no result; null: others go on.</summary>
    private HttpResponseMessage? Reply(HedgedAttempt over)
    {
        over.End();
        if (over.Result.Cancelled || over.Admission == Admission.Cancelled)
        {
            _caller.ThrowIfCancellationRequested();
            return Replies.TimedOut(_deadline, over.Endpoint, _attempts, "");
        }

        if (_running.Count > 0)
        {
            return null;
        }

        return over.Admission is Admission.Admitted or Admission.AdmittedOnConnection
            ? Replies.NoEndpoint(_attempts - 1, _context.Time)
            : Replies.NotAdmitted(over.Admission, _deadline, _attempts - 1);
    }

    private HttpResponseMessage Finish(HedgedAttempt over, ResponseFlags overflow)
    {
        if (over.Result.Response is not { } response)
        {
            var result = over.Result;
            over.End();
            return Replies.Failed(over.Endpoint!, _attempts, in result, overflow);
        }

        over.Release();
        response.RequestMessage = _request;
        return MeshCall.Lease(response, over.Endpoint!, _deadline, _route, _cluster, _attempts, overflow, over.OnConnection);
    }
}
