using Envoy.Config.Core.V3;

namespace ProxylessMesh.Xds.Ads;

/// <summary>One stream's life: sends what the outbox holds, hands responses on one at a time.</summary>
internal sealed class AdsSession(IAdsTransport transport, IAdsSessionEvents events, TimeProvider time) : IDisposable
{
    // A call that cannot be written to has ended, and reading tells why; this is for one whose reading does not.
    private static readonly TimeSpan s_graceAfterWriteError = TimeSpan.FromSeconds(5);

    private readonly AdsOutbox _outbox = new();
    private readonly CancellationTokenSource _end = new(Timeout.InfiniteTimeSpan, time);
    private volatile bool _restarted;
    private volatile Exception? _writeError;

    /// <summary>Who we are, for the first request: the server remembers it for the rest of the stream.</summary>
    public Node? Node { get; set; }

    /// <summary>Speak delta on it. Set before the stream runs.</summary>
    public bool UseDelta { get; set; }

    /// <summary>Asks for a request of this type as soon as the stream can take one.</summary>
    public void Send(ChannelType type) => _outbox.Put(type);

    /// <summary>Ends the stream on our own account, which is no error.</summary>
    public void Restart()
    {
        _restarted = true;
        _end.Cancel();
    }

    /// <summary>Opens the stream and runs it to its end. Never throws.</summary>
    public async Task<AdsSessionEnd> RunAsync(CancellationToken stopping)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stopping, _end.Token);
        var sawResponse = false;
        Exception? error = null;
        try
        {
            var stream = await OpenAsync(both.Token).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                var writing = WriteAsync(stream, both.Token);
                try
                {
                    while (await stream.ReadAsync(both.Token).ConfigureAwait(false) is { } response)
                    {
                        sawResponse = true;
                        await events.ReceivedAsync(this, response).ConfigureAwait(false);
                    }
                }
                finally
                {
                    await _end.CancelAsync().ConfigureAwait(false);
                    await writing.ConfigureAwait(false);
                }
            }
        }
        catch (Exception e)
        {
            error = e is OperationCanceledException ? _writeError ?? e : e;
        }

        return new(sawResponse, _restarted, error);
    }

    public void Dispose() => _end.Dispose();

    private async Task<IAdsWire> OpenAsync(CancellationToken cancellationToken) =>
        UseDelta
            ? new DeltaWire(await transport.OpenDeltaAsync(cancellationToken).ConfigureAwait(false))
            : new SotwWire(await transport.OpenAsync(cancellationToken).ConfigureAwait(false));

    private async Task WriteAsync(IAdsWire stream, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var type = await _outbox.TakeAsync(cancellationToken).ConfigureAwait(false);
                if (await events.TakeAsync(this, type).ConfigureAwait(false) is not { } request)
                {
                    continue;
                }

                await stream.WriteAsync(request.Message, cancellationToken).ConfigureAwait(false);
                events.Sent(this, request);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            _writeError = e;
            _end.CancelAfter(s_graceAfterWriteError);
        }
    }
}
