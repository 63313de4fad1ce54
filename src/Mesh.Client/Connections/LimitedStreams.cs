namespace ProxylessMesh.Client.Connections;

/// <summary>
/// A connection to an HTTP/2 server with no more streams at a time than we are told (max_concurrent_streams). HttpClient knows no
/// limit but the server's, so the first settings that the server sends are read here, and made stricter where they are not strict
/// enough; HttpClient then opens another connection when the limit is reached, as Envoy does. It would not wait for them: it takes a
/// connection as ready when its own preface is written, and many requests on it. So that first write ends when the server's settings
/// are here. Settings that a server sends later pass as they are.
/// </summary>
/// <param name="inner">The connection.</param>
/// <param name="limit">Streams at a time.</param>
/// <param name="patience">For the server's settings.</param>
/// <param name="time">The clock of that.</param>
internal sealed class LimitedStreams(Stream inner, int limit, TimeSpan patience, TimeProvider time) : Stream
{
    /// <summary>Whoever reads goes on at once, within the write that ends the waiting: the limit is known before that write's end is.</summary>
    private readonly TaskCompletionSource _settled = new(TaskCreationOptions.None);
    private ReadOnlyMemory<byte> _held;

    public override bool CanRead => inner.CanRead;

    public override bool CanSeek => false;

    public override bool CanWrite => inner.CanWrite;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _settled.Task.IsCompleted && _held.IsEmpty ? inner.ReadAsync(buffer, cancellationToken) : ReadHeldAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("HTTP/2 connections are read asynchronously.");

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        _settled.Task.IsCompleted ? inner.WriteAsync(buffer, cancellationToken) : WritePrefaceAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("HTTP/2 connections are written to asynchronously.");

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadHeldAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        await _settled.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (_held.IsEmpty)
        {
            return await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }

        var count = Math.Min(buffer.Length, _held.Length);
        _held.Span[..count].CopyTo(buffer.Span);
        _held = _held[count..];
        return count;
    }

    private async ValueTask WritePrefaceAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            await inner.WriteAsync(buffer, either.Token).ConfigureAwait(false);
            await inner.FlushAsync(either.Token).ConfigureAwait(false);
            _held = await SettingsAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"the server sent no HTTP/2 settings within {patience.TotalMilliseconds} ms");
        }
        finally
        {
            _settled.TrySetResult();
        }
    }

    /// <summary>What the server said first; whatever is not the settings it ought to be, HttpClient shall complain of.</summary>
    private async ValueTask<ReadOnlyMemory<byte>> SettingsAsync(CancellationToken cancellationToken)
    {
        var head = new byte[SettingsFrame.HeadLength];
        var read = await inner.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        if (read < head.Length || SettingsFrame.PayloadLength(head) is not { } length)
        {
            return head.AsMemory(0, read);
        }

        var frame = new byte[head.Length + length];
        head.CopyTo(frame, 0);
        read = await inner.ReadAtLeastAsync(frame.AsMemory(head.Length), length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return read == length ? SettingsFrame.Limit(frame, limit) : frame.AsMemory(0, head.Length + read);
    }
}
