using ProxylessMesh.Xds.Randomness;

namespace ProxylessMesh.Xds.Ads;

/// <summary>Opens one stream to a server after the other, with gRPC's back-off between attempts, until it is stopped.</summary>
internal sealed class AdsConnection : IAdsSessionEvents, IAsyncDisposable
{
    private readonly AdsChannel _channel;
    private readonly EventLoop _loop;
    private readonly TimeProvider _time;
    private readonly Backoff _backoff;
    private readonly Action _onResponse;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _running;
    private volatile TaskCompletionSource _hurry = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="channel">What is said and heard.</param>
    /// <param name="loop">On which it is.</param>
    /// <param name="time">Clock of the back-off.</param>
    /// <param name="random">Dice of its jitter.</param>
    /// <param name="onResponse">Called for each response, before it is taken in.</param>
    public AdsConnection(AdsChannel channel, EventLoop loop, TimeProvider time, IRandomSource random, Action onResponse)
    {
        _channel = channel;
        _loop = loop;
        _time = time;
        _backoff = new Backoff(random);
        _onResponse = onResponse;
        _running = Task.Run(() => RunAsync(_stopping.Token));
    }

    /// <summary>If an attempt is waited for, it comes now.</summary>
    public void Hurry() => _hurry.TrySetResult();

    /// <summary>Completes when the stream is gone. The channel must have been closed, and the event loop must run.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _stopping.Dispose();
    }

    Task IAdsSessionEvents.ReceivedAsync(AdsSession session, AdsResponse response)
    {
        _onResponse();
        return _loop.InvokeAsync(() => _channel.Received(session, response));
    }

    async Task<OutgoingRequest?> IAdsSessionEvents.TakeAsync(AdsSession session, ChannelType type)
    {
        OutgoingRequest? request = null;
        await _loop.InvokeAsync(() => request = _channel.Take(session, type)).ConfigureAwait(false);
        return request;
    }

    void IAdsSessionEvents.Sent(AdsSession session, OutgoingRequest request) => _loop.Post(() => _channel.Sent(session, request));

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
        using var session = new AdsSession(_channel.Transport, this, _time);
        await _loop.InvokeAsync(() => _channel.Opened(session)).ConfigureAwait(false);
        var end = await session.RunAsync(stopping).ConfigureAwait(false);
        var again = false;
        await _loop.InvokeAsync(() => again = _channel.Ended(end)).ConfigureAwait(false);
        return end with { Restarted = again };
    }
}
