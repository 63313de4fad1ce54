using System.Buffers;
using System.IO.Pipelines;

namespace ProxylessMesh.Server.Tcp;

/// <summary>Half of <see cref="ProvenTransport"/>.</summary>
internal sealed class ProvenReader(PipeReader inner, RequestProof proof, Action refuse) : PipeReader
{
    private static readonly ReadResult s_end = new(ReadOnlySequence<byte>.Empty, isCanceled: false, isCompleted: true);

    public override bool TryRead(out ReadResult result)
    {
        result = default;
        return proof.IsGiven && inner.TryRead(out result);
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
        proof.IsGiven ? inner.ReadAsync(cancellationToken) : WaitAsync(cancellationToken);

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        // Of the end that was made up there is nothing to advance.
        if (proof.IsGiven)
        {
            inner.AdvanceTo(consumed, examined);
        }
    }

    public override void CancelPendingRead() => inner.CancelPendingRead();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    private async ValueTask<ReadResult> WaitAsync(CancellationToken cancellationToken)
    {
        if (await proof.WaitAsync().ConfigureAwait(false))
        {
            return await inner.ReadAsync(cancellationToken).ConfigureAwait(false);
        }

        refuse();
        return s_end;
    }
}
