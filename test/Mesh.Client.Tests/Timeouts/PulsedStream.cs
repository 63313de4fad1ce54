using System.Threading.Channels;

namespace ProxylessMesh.Client.Tests.Timeouts;

/// <summary>A body that gives a byte whenever the test says so.</summary>
internal sealed class PulsedStream : Stream
{
    private readonly Channel<byte> _bytes = Channel.CreateUnbounded<byte>();
    private readonly SemaphoreSlim _reading = new(0);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public void Pulse() => _bytes.Writer.TryWrite(1);

    public void End() => _bytes.Writer.TryComplete();

    /// <summary>Somebody waits for the next byte.</summary>
    public async Task Reading() => Assert.True(await _reading.WaitAsync(TimeSpan.FromSeconds(30)));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _reading.Release();
        if (!await _bytes.Reader.WaitToReadAsync(cancellationToken))
        {
            return 0;
        }

        var next = await _bytes.Reader.ReadAsync(cancellationToken);
        buffer.Span[0] = next;
        return 1;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
