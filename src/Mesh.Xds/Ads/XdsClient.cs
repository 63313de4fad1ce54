using Microsoft.Extensions.Logging;
using ProxylessMesh.Xds.Cache;
using ProxylessMesh.Xds.Randomness;

namespace ProxylessMesh.Xds.Ads;

/// <summary>
/// The process's one connection to its control plane: an ADS stream in either variant, subscriptions by name, a cache of
/// accepted resources (xDS protocol; gRFCs A27, A46, A57, A88). It connects when the first resource is watched. All state
/// belongs to one event loop, on which watchers are called too.
/// </summary>
internal sealed class XdsClient : IAsyncDisposable, IAdsSessionEvents
{
    private readonly IAdsTransport _transport;
    private readonly TimeProvider _time;
    private readonly Backoff _backoff;
    private readonly AdsState _state;
    private readonly EventLoop _loop;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _firstResponse = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _running = Task.CompletedTask;
    private volatile TaskCompletionSource _hurry = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _started;
    private int _disposed;

    /// <param name="servers">In order of preference. Exactly one for now: falling back to others is gRFC A71.</param>
    /// <param name="node">Who we are.</param>
    /// <param name="time">Clock of back-off and of the wait for answers.</param>
    /// <param name="random">Dice of the back-off's jitter.</param>
    /// <param name="logs">Where events 1100 to 1199 go.</param>
    /// <param name="cache">The last-known-good resources, or null. Stays the caller's to dispose, after this client.</param>
    public XdsClient(
        IReadOnlyList<IAdsTransport> servers,
        NodeInfo node,
        TimeProvider time,
        IRandomSource random,
        ILoggerFactory logs,
        IResourceCache? cache = null)
    {
        if (servers.Count != 1)
        {
            throw new ArgumentException($"Exactly one xDS server is supported, not {servers.Count}.", nameof(servers));
        }

        _transport = servers[0];
        _time = time;
        _backoff = new Backoff(random);
        var logger = logs.CreateLogger<XdsClient>();
        _state = new AdsState(_transport.Name, _transport.Variant, node, time, new(_transport.Features, cache, logger), Post);
        _loop = new EventLoop(_state.Flush, e => AdsLog.WatcherThrew(logger, e));
    }

    /// <summary>Completes when the first response of any server has arrived; cancelled when the client is disposed before.</summary>
    public Task FirstResponse => _firstResponse.Task;

    /// <summary>Subscribes. The watcher hears soon, on the event loop, what is cached. Dispose the result to unsubscribe.</summary>
    public IDisposable Watch<T>(ResourceKind<T> kind, string name, IResourceWatcher<T> watcher)
        where T : class
    {
        var subscription = new Subscription<T>(
            watcher,
            s => Post(() => _state.Unsubscribe(kind, name, s)),
            _state.WatcherThrew);
        Post(() =>
        {
            if (!subscription.IsDisposed)
            {
                _state.Subscribe(kind, name, subscription);
                Start();
            }
        });
        return subscription;
    }

    /// <summary>Says something new about ourselves (ports that opened, draining): reconnects at once with the new node,
    /// keeping the cache. While there is no connection, the next attempt comes at once: who has just begun to listen must not stay
    /// unknown for the two minutes that a back-off can grow to. An unchanged node only ends the back-off.</summary>
    public void UpdateNode(NodeInfo node) => Post(() =>
    {
        _state.UpdateNode(node);
        _hurry.TrySetResult();
    });

    /// <summary>Runs <paramref name="work"/> on the event loop, after what is already waiting there. Does nothing after dispose.</summary>
    public void Post(Action work) => _loop.Post(work);

    /// <summary>How the connection and every subscribed resource stand.</summary>
    public async Task<XdsClientStatus> GetStatusAsync()
    {
        XdsClientStatus? status = null;
        await _loop.InvokeAsync(() => status = _state.Status).ConfigureAwait(false);
        return status!;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
        _loop.Complete();
        await _loop.Completion.ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _state.Dispose();
        _firstResponse.TrySetCanceled();
        await _transport.DisposeAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    Task IAdsSessionEvents.ReceivedAsync(AdsSession session, AdsResponse response)
    {
        _firstResponse.TrySetResult();
        return _loop.InvokeAsync(() => _state.Received(session, response));
    }

    async Task<OutgoingRequest?> IAdsSessionEvents.TakeAsync(AdsSession session, ResourceType type)
    {
        OutgoingRequest? request = null;
        await _loop.InvokeAsync(() => request = _state.Take(session, type)).ConfigureAwait(false);
        return request;
    }

    void IAdsSessionEvents.Sent(AdsSession session, OutgoingRequest request) => Post(() => _state.Sent(session, request));

    private void Start()
    {
        if (!_started)
        {
            _started = true;
            _running = Task.Run(() => RunAsync(_stopping.Token));
        }
    }

    private async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                var started = _time.GetTimestamp();
                _hurry = new(TaskCreationOptions.RunContinuationsAsynchronously);
                var end = await RunSessionAsync(stopping).ConfigureAwait(false);
                if (end.SawResponse)
                {
                    _backoff.Reset();
                }

                // Counted from the start of the attempt, as gRPC does: a stream that lived for a while is followed by
                // the next at once, one that a server ends again and again is not.
                var wait = _backoff.Next() - _time.GetElapsedTime(started);
                if (!end.Restarted && wait > TimeSpan.Zero)
                {
                    await PauseAsync(wait, stopping).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
    }

    private async Task PauseAsync(TimeSpan wait, CancellationToken stopping)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        await Task.WhenAny(Task.Delay(wait, _time, over.Token), _hurry.Task).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        stopping.ThrowIfCancellationRequested();
    }

    private async Task<AdsSessionEnd> RunSessionAsync(CancellationToken stopping)
    {
        using var session = new AdsSession(_transport, this, _time);
        await _loop.InvokeAsync(() => _state.Opened(session)).ConfigureAwait(false);
        var end = await session.RunAsync(stopping).ConfigureAwait(false);
        var again = false;
        await _loop.InvokeAsync(() => again = _state.Ended(end)).ConfigureAwait(false);
        return end with { Restarted = again };
    }
}
