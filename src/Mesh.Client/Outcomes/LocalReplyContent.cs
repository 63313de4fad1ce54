using System.Net;

namespace ProxylessMesh.Client.Outcomes;

/// <summary>The body of a response that the mesh made: one sentence.</summary>
internal sealed class LocalReplyContent : HttpContent, IOutcomeCarrier
{
    private readonly byte[] _text;

    public LocalReplyContent(byte[] text, string? contentType, MeshOutcome outcome)
    {
        _text = text;
        Outcome = outcome;
        if (contentType is not null)
        {
            Headers.TryAddWithoutValidation("Content-Type", contentType);
        }
    }

    public MeshOutcome Outcome { get; private set; }

    public void AddFlags(ResponseFlags flags) => Outcome = Outcome.With(flags);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync(_text).AsTask();

    protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult<Stream>(new MemoryStream(_text, writable: false));

    protected override Stream CreateContentReadStream(CancellationToken cancellationToken) => new MemoryStream(_text, writable: false);

    protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken) => stream.Write(_text);

    protected override bool TryComputeLength(out long length)
    {
        length = _text.Length;
        return true;
    }
}
