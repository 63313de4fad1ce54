using ProxylessMesh.Client.Calls;
using ProxylessMesh.Client.CircuitBreaking;
using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Client.LoadBalancing;

namespace ProxylessMesh.Client.Hedging;

/// <summary>One of several attempts that run at the same time, with all that it holds.</summary>
internal sealed class HedgedAttempt
{
    private readonly ClusterState _cluster;
    private readonly CancellationTokenSource _source;
    private readonly TaskCompletionSource _late = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ITimer _timer;
    private readonly bool _isRetry;
    private bool _onConnection;

    /// <param name="cluster">Where to.</param>
    /// <param name="number">From 1 on; those after the first hold a retry of the circuit breaker.</param>
    /// <param name="lateAfter">The per-try timeout.</param>
    /// <param name="time">The clock.</param>
    /// <param name="call">The call's token.</param>
    public HedgedAttempt(ClusterState cluster, int number, TimeSpan lateAfter, TimeProvider time, CancellationToken call)
    {
        _cluster = cluster;
        _isRetry = number > 1;
        _source = CancellationTokenSource.CreateLinkedTokenSource(call);
        _timer = time.CreateTimer(static late => ((TaskCompletionSource)late!).TrySetResult(), _late, lateAfter, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Completes when the attempt is over, one way or the other; never fails.</summary>
    public Task Done { get; private set; } = Task.CompletedTask;

    /// <summary>Completes when the per-try timeout runs out.</summary>
    public Task Late => _late.Task;

    public Admission Admission { get; private set; }

    /// <summary>Null: none was found, or the attempt was not admitted.</summary>
    public Endpoint? Endpoint { get; private set; }

    public bool OnConnection => _onConnection;

    /// <summary>Once there is an endpoint, and the attempt is over.</summary>
    public AttemptResult Result { get; private set; }

    public void Start(HttpRequestMessage request, TriedEndpoints tried, ulong? hash, int reselections, TimeProvider time) =>
        Done = RunAsync(request, tried, hash, reselections, time);

    /// <summary>Its response goes to the caller, or is none: the endpoint stays held.</summary>
    public void Release()
    {
        _timer.Dispose();
        _source.Dispose();
        if (_isRetry)
        {
            _cluster.Breaker.EndRetry();
        }
    }

    /// <summary>It is over and not wanted.</summary>
    public void End()
    {
        Release();
        if (Result.Response is { } unwanted)
        {
            Endpoint?.Load?.End(unwanted);
            unwanted.Dispose();
        }

        Endpoint?.EndRequest(_onConnection);
    }

    /// <summary>It lost: it is cancelled, and gives back what it holds when it has noticed.</summary>
    public void Abandon()
    {
        _source.Cancel();
        _ = EndWhenDoneAsync();
    }

    private async Task EndWhenDoneAsync()
    {
        await Done.ConfigureAwait(false);
        End();
    }

    private async Task RunAsync(HttpRequestMessage request, TriedEndpoints tried, ulong? hash, int reselections, TimeProvider time)
    {
        if (_cluster.FirstAddresses is { } looking && !await FirstLookup.EndsAsync(looking, _source.Token).ConfigureAwait(false))
        {
            Admission = Admission.Cancelled;
            return;
        }

        Admission = await _cluster.EnterAsync(MeshCall.HasOwnConnection(request, _cluster), _source.Token).ConfigureAwait(false);
        if (Admission is not (Admission.Admitted or Admission.AdmittedOnConnection))
        {
            return;
        }

        _onConnection = Admission == Admission.AdmittedOnConnection;
        Endpoint = _cluster.Pick(in tried, hash, reselections);
        if (Endpoint is null)
        {
            _cluster.Breaker.Leave(_onConnection);
            return;
        }

        var load = Endpoint.Load;
        load?.Begin();
        Result = await Attempt.SendAsync(request, Endpoint, null, time, _source.Token).ConfigureAwait(false);
        if (Result.Response is null)
        {
            load?.Fail(Result.Outcome);
        }
    }
}
