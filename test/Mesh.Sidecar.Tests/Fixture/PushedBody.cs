using System.Net;
using System.Text;
using System.Threading.Channels;

namespace ProxylessMesh.Sidecar.Tests.Fixture;

/// <summary>A request's body that a test writes piece by piece; each is on its way when the write returns.</summary>
internal sealed class PushedBody : HttpContent
{
    private readonly Channel<(byte[] Bytes, TaskCompletionSource Sent)> _pieces = Channel.CreateUnbounded<(byte[], TaskCompletionSource)>();

    public Task WriteAsync(string text)
    {
        var sent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _pieces.Writer.TryWrite((Encoding.ASCII.GetBytes(text), sent));
        return sent.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    public void Complete() => _pieces.Writer.TryComplete();

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await stream.FlushAsync(cancellationToken);
        await foreach (var (bytes, sent) in _pieces.Reader.ReadAllAsync(cancellationToken))
        {
            await stream.WriteAsync(bytes, cancellationToken);
            await stream.FlushAsync(cancellationToken);
            sent.SetResult();
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
