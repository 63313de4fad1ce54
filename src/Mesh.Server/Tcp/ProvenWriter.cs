using System.IO.Pipelines;

namespace ProxylessMesh.Server.Tcp;

/// <summary>Half of <see cref="ProvenTransport"/>: who writes first ends the connection, and nothing of it is sent.</summary>
internal sealed class ProvenWriter(PipeWriter inner, RequestProof proof, Action refuse) : PipeWriter
{
    public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

    public override long UnflushedBytes => inner.UnflushedBytes;

    public override void Advance(int bytes) => inner.Advance(bytes);

    public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (proof.IsGiven)
        {
            return inner.FlushAsync(cancellationToken);
        }

        refuse();
        return new ValueTask<FlushResult>(new FlushResult(isCanceled: false, isCompleted: true));
    }

    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);
}
