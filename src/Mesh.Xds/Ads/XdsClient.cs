using Microsoft.Extensions.Logging;
using ProxylessMesh.Xds.Cache;
using ProxylessMesh.Xds.Randomness;

namespace ProxylessMesh.Xds.Ads;

/// <summary>
/// The process's way to its control planes: one ADS stream in either variant to each server that is needed, subscriptions by name, a
/// cache of accepted resources (xDS protocol; gRFCs A27, A46, A47, A57, A71, A88). It connects when the first resource is watched. All
/// state belongs to one event loop, on which watchers are called too.
/// </summary>
internal sealed class XdsClient : IAsyncDisposable
{
    private readonly IAdsTransport[] _transports;
    private readonly AdsState _state;
    private readonly ClientMetrics _metrics;
    private readonly EventLoop _loop;
    private readonly TaskCompletionSource _firstResponse = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _disposed;

    /// <param name="servers">In order of preference: the next is used while those before it cannot be reached (gRFC A71).</param>
    /// <param name="node">Who we are.</param>
    /// <param name="time">Clock of back-off and of the wait for answers.</param>
    /// <param name="random">Dice of the back-off's jitter.</param>
    /// <param name="logs">Where events 1100 to 1139 go.</param>
    /// <param name="cache">The last-known-good resources, or null. Stays the caller's to dispose, after this client.</param>
    /// <param name="federation">Servers of the authorities of xdstp names (gRFC A47); the same instance stands for one stream. Null: none.</param>
    /// <param name="keepContents">Keeps resources as they were sent, for <see cref="GetStatusAsync"/>.</param>
    public XdsClient(
        IReadOnlyList<IAdsTransport> servers,
        NodeInfo node,
        TimeProvider time,
        IRandomSource random,
        ILoggerFactory logs,
        IResourceCache? cache = null,
        IReadOnlyDictionary<string, IReadOnlyList<IAdsTransport>>? federation = null,
        bool keepContents = false)
    {
        ArgumentOutOfRangeException.ThrowIfZero(servers.Count, nameof(servers));
        federation ??= new Dictionary<string, IReadOnlyList<IAdsTransport>>();
        _transports = [.. servers.Concat(federation.Values.SelectMany(s => s)).Distinct()];
        var logger = logs.CreateLogger<XdsClient>();
        var context = new ResourceContext(cache, time, Post, logger) { KeepContents = keepContents };
        _metrics = context.Metrics;
        _state = new AdsState(
            servers,
            federation,
            node,
            context,
            channel => new AdsConnection(channel, _loop!, time, random, () => _firstResponse.TrySetResult()));
        XdsInstruments.Add(_metrics);
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
            }
        });
        return subscription;
    }

    /// <summary>Says something new about ourselves (ports that opened, draining): reconnects at once with the new node,
    /// keeping the cache. While there is no connection, the next attempt comes at once: who has just begun to listen must not stay
    /// unknown for the two minutes that a back-off can grow to. An unchanged node only ends the back-off.</summary>
    public void UpdateNode(NodeInfo node) => Post(() => _state.UpdateNode(node));

    /// <summary>Runs <paramref name="work"/> on the event loop, after what is already waiting there. Does nothing after dispose.</summary>
    public void Post(Action work) => _loop.Post(work);

    /// <summary>How the connections and every subscribed resource stand.</summary>
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

        // The streams' ends are still heard, by the loop, and mean nothing any more.
        var closed = Task.CompletedTask;
        await _loop.InvokeAsync(() => closed = _state.CloseAsync()).ConfigureAwait(false);
        await closed.ConfigureAwait(false);
        XdsInstruments.Remove(_metrics);
        _loop.Complete();
        await _loop.Completion.ConfigureAwait(false);
        _firstResponse.TrySetCanceled();
        foreach (var transport in _transports)
        {
            await transport.DisposeAsync().ConfigureAwait(false);
        }
    }
}
