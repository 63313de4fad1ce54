using System.Runtime.CompilerServices;

namespace ProxylessMesh.Client.Outcomes;

/// <summary>Reads the upstream's body under the call's deadline and ends the lease at its end.</summary>
internal sealed class LeasedStream(Stream inner, LeasedContent owner) : Stream
{
    public override bool CanRead => inner.CanRead;

    public override bool CanSeek => false;

    /// <summary>The content of a protocol switch (101) is a stream both ways.</summary>
    public override bool CanWrite => inner.CanWrite;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        owner.Deadline is { } deadline ? ReadUnderDeadline(buffer, deadline, cancellationToken) : ReadFreely(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return EndAtZero(inner.Read(buffer), buffer.Length);
        }
        catch
        {
            owner.EndLease();
            throw;
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        inner.WriteAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        inner.WriteAsync(buffer, offset, count, cancellationToken);

    public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>What reads a body whole (ReadAsStringAsync, HttpClient's buffer): the upstream's stream copies without a buffer of ours.</summary>
    public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) =>
        owner.Deadline is null && !inner.CanWrite
            ? CopyToEndAsync(destination, bufferSize, cancellationToken)
            : base.CopyToAsync(destination, bufferSize, cancellationToken);

    /// <summary>Of DisposeAsync too: the network's streams wait for nothing there.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
            owner.EndLease();
        }

        base.Dispose(disposing);
    }

    private async Task CopyToEndAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
    {
        try
        {
            await inner.CopyToAsync(destination, bufferSize, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            owner.EndLease();
        }
    }

    private ValueTask<int> ReadFreely(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var reading = Begin(buffer, cancellationToken);

        // Small bodies come together with the headers.
        return reading.IsCompletedSuccessfully
            ? new ValueTask<int>(EndAtZero(reading.Result, buffer.Length))
            : FinishAsync(reading, buffer.Length);
    }

    private ValueTask<int> Begin(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return inner.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception e)
        {
            return ValueTask.FromException<int>(e);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> FinishAsync(ValueTask<int> reading, int asked)
    {
        try
        {
            return EndAtZero(await reading.ConfigureAwait(false), asked);
        }
        catch
        {
            owner.EndLease();
            throw;
        }
    }

    /// <summary>A route's timeout covers the response to its last byte (Envoy, RouteAction.timeout); past the headers it can only break the body off.</summary>
    private ValueTask<int> ReadUnderDeadline(Memory<byte> buffer, Deadline deadline, CancellationToken cancellationToken)
    {
        var either = cancellationToken.CanBeCanceled
            ? CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken)
            : null;
        deadline.Idle?.Restart();
        var reading = Begin(buffer, either?.Token ?? deadline.Token);
        if (either is not null || deadline.Idle is not null || !reading.IsCompletedSuccessfully)
        {
            return FinishUnderDeadlineAsync(reading, buffer.Length, either, deadline, cancellationToken);
        }

        return new ValueTask<int>(EndAtZero(reading.Result, buffer.Length));
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> FinishUnderDeadlineAsync(
        ValueTask<int> reading, int asked, CancellationTokenSource? either, Deadline deadline, CancellationToken cancellationToken)
    {
        using var linked = either;
        try
        {
            var read = EndAtZero(await reading.ConfigureAwait(false), asked);
            deadline.Idle?.Stop();
            return read;
        }
        catch (OperationCanceledException) when (deadline.Expired && !cancellationToken.IsCancellationRequested)
        {
            owner.EndLease();
            throw new HttpIOException(HttpRequestError.ResponseEnded, $"{deadline.Reason} while the response body was being read");
        }
        catch
        {
            owner.EndLease();
            throw;
        }
    }

    /// <summary>
    /// A zero-byte read waits for data and says nothing about the end. A stream both ways can be written to after the other side
    /// has said its last: it ends when it is disposed of.
    /// </summary>
    private int EndAtZero(int read, int asked)
    {
        if (read == 0 && asked != 0 && !inner.CanWrite)
        {
            owner.EndLease();
        }

        return read;
    }
}
