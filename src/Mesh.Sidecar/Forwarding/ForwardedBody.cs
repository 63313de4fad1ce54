using System.Buffers;
using System.IO.Pipelines;
using System.Net;

namespace ProxylessMesh.Sidecar.Forwarding;

/// <summary>
/// The body of a request that is being received, sent on as it comes: what is there is written, and flushed before more is waited for.
/// In HTTP/2 it may outlive the response, and must not outlive the request: <see cref="StopAsync"/>.
/// </summary>
internal sealed class ForwardedBody(PipeReader source, CancellationToken aborted) : HttpContent
{
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(aborted);
    private readonly Lock _lock = new();
    private Task? _copying;
    private bool _stopped;

    /// <summary>Why it could not be received to its end; null while nothing is wrong.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Ends the sending, and waits for it: from then on nobody reads the request's body.</summary>
    public async ValueTask StopAsync()
    {
        Task? copying;
        lock (_lock)
        {
            _stopped = true;
            copying = _copying;
        }

        if (copying is { IsCompleted: false })
        {
            await _stop.CancelAsync().ConfigureAwait(false);
            await copying.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _stop.Dispose();
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        Task copying;
        lock (_lock)
        {
            if (_stopped)
            {
                throw new OperationCanceledException("The response has ended before the request's body was asked for.");
            }

            if (_copying is not null)
            {
                throw new InvalidOperationException("A body that is being received can be sent once.");
            }

            copying = _copying = CopyAsync(stream, cancellationToken);
        }

        await copying.ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        // A Content-Length of the caller stands among the headers.
        length = 0;
        return false;
    }

    private async Task CopyAsync(Stream stream, CancellationToken cancellationToken)
    {
        // Not under the lock: what is there already would be written while it is held.
        await Task.Yield();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, cancellationToken);
        while (true)
        {
            if (!TryRead(out var read))
            {
                await stream.FlushAsync(either.Token).ConfigureAwait(false);
                read = await ReadAsync(either.Token).ConfigureAwait(false);
            }

            foreach (var segment in read.Buffer)
            {
                await stream.WriteAsync(segment, either.Token).ConfigureAwait(false);
            }

            source.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return;
            }
        }
    }

    private bool TryRead(out ReadResult read)
    {
        try
        {
            return source.TryRead(out read);
        }
        catch (Exception failure)
        {
            Failure = failure;
            throw;
        }
    }

    private async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await source.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            Failure = failure;
            throw;
        }
    }
}
