using System.Net;
using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Client.Routing;
using ProxylessMesh.Client.Telemetry;

namespace ProxylessMesh.Client.Outcomes;

/// <summary>
/// The upstream's content, passed on unchanged, with what the call holds until its body has been read or dropped: the slots of endpoint
/// and cluster, and the deadline. To end that at the headers would make least request blind to streams. It carries the outcome's parts
/// and those of the metrics, all in one object; the <see cref="MeshOutcome"/> itself is only made for those who ask.
/// </summary>
internal sealed class LeasedContent : HttpContent, IOutcomeCarrier
{
    /// <summary>As HttpClient copies bodies.</summary>
    private const int CopySize = 8192;

    private readonly HttpContent _inner;
    private readonly RouteModel _route;
    private readonly ClusterState _cluster;
    private readonly Endpoint _endpoint;
    private readonly ushort _attempts;
    private Traits _traits;
    private bool _isOver;
    private ResponseFlags _flags;
    private Deadline? _deadline;
    private readonly LeaseWatch? _watch;
    private CallTelemetry? _telemetry;
    private HttpResponseMessage? _response;
    private long _started;

    private static readonly HttpContent s_none = new HttpResponseMessage().Content;
    private static readonly Type s_emptyContent = s_none.GetType();
    private static readonly Stream s_emptyStream = s_none.ReadAsStream();

    public LeasedContent(HttpContent inner, Endpoint endpoint, Deadline? deadline, RouteModel route, ClusterState cluster, int attempts, ResponseFlags flags, bool onConnection)
    {
        _inner = inner;
        _endpoint = endpoint;
        _deadline = deadline;
        _route = route;
        _cluster = cluster;
        _attempts = (ushort)Math.Min(attempts, ushort.MaxValue);
        _traits = onConnection ? Traits.OnConnection : Traits.None;
        _flags = flags;
        ContentHeaders.Hand(inner, this);

        // Ended with its headers (204, 304, HEAD, a trailers-only gRPC response): many callers never look at such content, nor dispose of
        // it. The network handlers give it the stream that is always empty.
        if (ReferenceEquals(inner.ReadAsStream(), s_emptyStream))
        {
            EndLease();
        }
        else
        {
            _watch = LeaseWatch.Begin(this, endpoint, deadline, onConnection);
        }
    }

    /// <summary>Whether a body lies in memory already: then nothing needs to be held while it is read. No network handler gives such.</summary>
    public static bool IsInMemory(HttpContent content) => content is ByteArrayContent || content.GetType() == s_emptyContent;

    public MeshOutcome Outcome => new(_flags, _route.Name, _cluster.Name, _endpoint.Authority, _attempts, null);

    public void AddFlags(ResponseFlags flags) => _flags |= flags;

    /// <summary>Null: there is none, or the body is over.</summary>
    public Deadline? Deadline => _deadline;

    /// <summary>When it is over, the endpoint's load is read of the response.</summary>
    public void TellsLoad(HttpResponseMessage response)
    {
        _response = response;
        if (_isOver)
        {
            _endpoint.Load?.End(response);
        }
    }

    /// <summary>Counts the call when it is over.</summary>
    public void Observe(CallTelemetry telemetry, HttpResponseMessage response, bool isGrpc, long started)
    {
        (_telemetry, _response, _started) = (telemetry, response, started);
        _traits |= isGrpc ? Traits.Grpc : Traits.None;
        if (_isOver)
        {
            Record();
        }
    }

    /// <summary>At the end of the body, when its stream is disposed of, and its content: only the first counts.</summary>
    public void EndLease()
    {
        if (_isOver || Interlocked.Exchange(ref _isOver, true))
        {
            return;
        }

        _watch?.End();
        _endpoint.EndRequest(_traits.HasFlag(Traits.OnConnection));
        if (_deadline is { } deadline)
        {
            _deadline = null;
            deadline.Dispose();
        }

        if (_endpoint.Load is { } load && _response is not null)
        {
            load.End(_response);
        }

        Record();
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

    /// <summary>What HttpClient buffers with. Without a deadline there is nothing to watch while it lasts.</summary>
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var body = _deadline is null ? _inner.ReadAsStream(cancellationToken) : CreateContentReadStream(cancellationToken);
        try
        {
            await body.CopyToAsync(stream, CopySize, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await body.DisposeAsync().ConfigureAwait(false);
            EndLease();
        }
    }

    /// <summary>The network's content cannot tell either; a Content-Length stands among the headers.</summary>
    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
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

    private void Record()
    {
        if (_telemetry is { } telemetry)
        {
            _telemetry = null;
            telemetry.Ended(_response!, _cluster.Tags, _flags, _traits.HasFlag(Traits.Grpc), _started);
        }
    }

    [Flags]
    private enum Traits : byte
    {
        None = 0,

        /// <summary>The call holds a slot of a connection.</summary>
        OnConnection = 1,

        Grpc = 2,
    }
}
