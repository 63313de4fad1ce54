using System.Net;
using System.Text;
using ProxylessMesh.Client.Outcomes;
using ProxylessMesh.Client.Retries;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.Tests.Retries;

/// <summary>Bodies that can be read only once are kept as they are sent, up to a limit.</summary>
public sealed class ReplayTests : IDisposable
{
    private static readonly ForwardActionConfig Route = SampleCall.Forward(Sample.Retry(RetryConditions.ServerError | RetryConditions.ConnectFailure));

    private readonly SampleCall _call = new();
    private readonly List<byte[]> _bodies = [];

    public ReplayTests()
    {
        _call.Upstream.Answer("a", (request, token) => Read(request, HttpStatusCode.ServiceUnavailable, token));
        _call.Upstream.Answer("b", (request, token) => Read(request, HttpStatusCode.OK, token));
    }

    public void Dispose() => _call.Dispose();

    [Theory]
    [InlineData(0, null, 2)]
    [InlineData(ReplayContent.DefaultLimit, null, 2)]
    [InlineData(ReplayContent.DefaultLimit + 1, null, 1)]
    [InlineData(100, 99, 1)]
    [InlineData(100, 100, 2)]
    [InlineData(1, 0, 1)]
    public async Task AStreamIsSentAgainUpToTheLimit(int size, int? limit, int attempts)
    {
        var body = Enumerable.Range(0, size).Select(i => (byte)i).ToArray();

        var response = await _call.Send(Route with { ReplayLimit = limit }, SampleCall.Request(Once(body)));

        Assert.Equal(attempts, response.GetMeshOutcome()!.Attempts);
        Assert.Equal(Enumerable.Repeat(body, attempts), _bodies);
    }

    [Fact]
    public async Task HeadersOfTheBodyGoWithItAndTheCallerFindsItsOwnBodyAgain()
    {
        var content = Once(Encoding.UTF8.GetBytes("{}"));
        content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        content.Headers.ContentLength = 2;
        var seen = new List<string>();
        _call.Upstream.Answer("b", async (request, token) =>
        {
            seen.Add($"{request.Content!.Headers.ContentType} {request.Content.Headers.ContentLength}");
            return await Read(request, HttpStatusCode.OK, token);
        });
        var request = SampleCall.Request(content);

        await _call.Send(Route, request);

        Assert.Equal(["application/json 2"], seen);
        Assert.Same(content, request.Content);
    }

    [Fact]
    public async Task ABodyThatBrokeOffIsNotSentAgain()
    {
        _call.Upstream.Answer("a", async (request, token) =>
        {
            await request.Content!.CopyToAsync(new FullStream(), token);
            throw new InvalidOperationException("not reached");
        });

        var response = await _call.Send(Route, SampleCall.Request(Once([1, 2, 3])));

        Assert.Equal(1, response.GetMeshOutcome()!.Attempts);
    }

    [Fact]
    public async Task NothingWasReadBeforeTheConnectionFailed()
    {
        _call.Upstream.Fail("a", new HttpRequestException(HttpRequestError.ConnectionError));

        var response = await _call.Send(Route with { ReplayLimit = 0 }, SampleCall.Request(Once(new byte[100_000])));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    /// <summary>One message and its end: a unary call. A second message: a stream, which is never sent again.</summary>
    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    public async Task AGrpcStreamIsNotSentAgain(int messages, int attempts)
    {
        var content = Once([.. Enumerable.Repeat<byte[]>([0, 0, 0, 0, 2, 8, 1], messages).SelectMany(m => m)]);
        content.Headers.TryAddWithoutValidation("Content-Type", "application/grpc");

        var response = await _call.Send(Route, SampleCall.Request(content));

        Assert.Equal(attempts, response.GetMeshOutcome()!.Attempts);
    }

    [Fact]
    public async Task MessagesInPiecesAreCountedToo()
    {
        var buffer = new ReplayBuffer(1000, isGrpc: true);
        foreach (var b in new byte[] { 0, 0, 0, 0, 2, 8, 1 })
        {
            buffer.Append([b]);
        }

        buffer.Complete();
        Assert.True(buffer.IsComplete);
        Assert.Equal([0, 0, 0, 0, 2, 8, 1], buffer.Bytes.ToArray());

        var stream = new ReplayBuffer(1000, isGrpc: true);
        stream.Append([0, 0xFF, 0xFF, 0xFF, 0xFF, 1]);
        stream.Append([2]);
        stream.Complete();
        Assert.True(stream.IsComplete);
        await Task.CompletedTask;
    }

    [Fact]
    public async Task BodiesInMemoryAreLeftAlone()
    {
        var seen = new List<HttpContent?>();
        _call.Upstream.Answer("a", (request, _) =>
        {
            seen.Add(request.Content);
            return Task.FromResult(new HttpResponseMessage());
        });
        _call.Upstream.Status("b", 200);
        var body = new ByteArrayContent([1]);

        await _call.Send(Route, SampleCall.Request(body));
        await _call.Send(Route, SampleCall.Request(body));

        Assert.Same(body, Assert.Single(seen));
    }

    [Fact]
    public async Task WithoutRetriesNothingIsKept()
    {
        HttpContent? seen = null;
        _call.Upstream.Answer("a", async (request, token) =>
        {
            seen = request.Content;
            return await Read(request, HttpStatusCode.ServiceUnavailable, token);
        });

        await _call.Send(SampleCall.Forward(), SampleCall.Request(Once([1])));

        Assert.False(Replay.IsPossible(seen));
    }

    private static StreamContent Once(byte[] body) => new(new OnceStream(body));

    private async Task<HttpResponseMessage> Read(HttpRequestMessage request, HttpStatusCode status, CancellationToken token)
    {
        var copy = new MemoryStream();
        await request.Content!.CopyToAsync(copy, token);
        _bodies.Add(copy.ToArray());
        return new HttpResponseMessage(status) { Content = new StreamContent(new MemoryStream([1])) };
    }

    private sealed class OnceStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }

    private sealed class FullStream : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.FromException(new IOException("the connection is gone"));
    }
}
