using System.Net;
using ProxylessMesh.Client.Routing;

namespace ProxylessMesh.Client.Outcomes;

/// <summary>
/// The upstream's content, passed on unchanged, which ends the call's lease when it was read to its end, failed or was disposed.
/// It carries the outcome's parts; the <see cref="MeshOutcome"/> itself is only made for those who ask.
/// </summary>
internal sealed class LeasedContent : HttpContent, IOutcomeCarrier
{
    private readonly HttpContent _inner;
    private readonly RouteModel _route;
    private readonly string _cluster;
    private readonly string _endpoint;
    private readonly ushort _attempts;
    private readonly bool _onConnection;
    private ResponseFlags _flags;
    private CallLease _lease;
    private ResponseRecord? _record;

    private static readonly HttpContent s_none = new HttpResponseMessage().Content;
    private static readonly Type s_emptyContent = s_none.GetType();
    private static readonly Stream s_emptyStream = s_none.ReadAsStream();

    public LeasedContent(HttpContent inner, CallLease lease, RouteModel route, string cluster, string endpoint, int attempts, ResponseFlags flags, bool onConnection)
    {
        _inner = inner;
        _lease = lease;
        _route = route;
        _cluster = cluster;
        _endpoint = endpoint;
        _attempts = (ushort)Math.Min(attempts, ushort.MaxValue);
        _onConnection = onConnection;
        _flags = flags;
        foreach (var header in inner.Headers.NonValidated)
        {
            if (header.Value.Count == 1)
            {
                Headers.TryAddWithoutValidation(header.Key, header.Value.ToString());
            }
            else
            {
                Headers.TryAddWithoutValidation(header.Key, header.Value);
            }
        }
    }

    /// <summary>Whether a body lies in memory already: then nothing needs to be held while it is read. No network handler gives such.</summary>
    public static bool IsInMemory(HttpContent content) => content is ByteArrayContent || content.GetType() == s_emptyContent;

    /// <summary>
    /// Whether the response ended with its headers (204, 304, HEAD, a trailers-only gRPC response): many callers never look at such
    /// content, nor dispose of it. The network handlers give it the stream that is always empty.
    /// </summary>
    public bool IsOver => ReferenceEquals(_inner.ReadAsStream(), s_emptyStream);

    public MeshOutcome Outcome => new(_flags, _route.Name, _cluster, _endpoint, _attempts, null);

    public void AddFlags(ResponseFlags flags) => _flags |= flags;

    public Deadline? Deadline => _lease.Deadline;

    /// <summary>Ends the record with the lease.</summary>
    public void Observe(ResponseRecord record)
    {
        record.Next = _record;
        _record = record;
        if (_lease.IsOver)
        {
            EndRecord();
        }
    }

    public void EndLease()
    {
        _lease.End(_onConnection);
        if (_record is not null)
        {
            EndRecord();
        }
    }

    /// <summary>A socket's content hands its stream out without waiting, so the synchronous way saves a task.</summary>
    protected override Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) =>
        Task.FromResult(CreateContentReadStream(cancellationToken));

    protected override Task<Stream> CreateContentReadStreamAsync() => CreateContentReadStreamAsync(CancellationToken.None);

    protected override Stream CreateContentReadStream(CancellationToken cancellationToken) =>
        new LeasedStream(_inner.ReadAsStream(cancellationToken), this);

    /// <summary>What HttpClient.Send buffers with.</summary>
    protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        using var body = CreateContentReadStream(cancellationToken);
        body.CopyTo(stream);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var body = await CreateContentReadStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            await body.CopyToAsync(stream, cancellationToken).ConfigureAwait(false);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _inner.Headers.ContentLength ?? 0;
        return _inner.Headers.ContentLength is not null;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
            EndLease();
        }

        base.Dispose(disposing);
    }

    private void EndRecord()
    {
        for (var record = Interlocked.Exchange(ref _record, null); record is not null; record = record.Next)
        {
            record.End(_flags);
        }
    }
}
