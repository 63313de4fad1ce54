using System.Collections.Concurrent;
using System.Net;
using ProxylessMesh.Client.Calls;
using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Client.Mirroring;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Randomness;

namespace ProxylessMesh.Client.Tests.Mirroring;

public sealed class RequestMirrorTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly FakeTime _time = new();
    private readonly StubUpstream _upstream = new();
    private readonly ConcurrentQueue<string> _bodies = new();
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly ClusterState _cluster;

    public RequestMirrorTests()
    {
        _cluster = new ClusterState(Sample.ClusterName, _upstream.Handler, _time, new SeededRandom(1));
        _cluster.Apply(Sample.Snapshot(Sample.Cluster(outliers: Sample.Outliers(consecutive5xx: 1)), Sample.Endpoints("a")));
        _upstream.Answer("a", async (request, token) =>
        {
            var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(token);
            _bodies.Enqueue($"{request.Method} {request.RequestUri} host={request.Headers.Host} id={string.Join(',', request.Headers.GetValues("x-request-id"))} {request.Content?.Headers.ContentType} {body}");
            _arrived.Release();
            return new HttpResponseMessage(HttpStatusCode.InternalServerError);
        });
    }

    [Fact]
    public async Task A_copy_arrives_even_when_the_original_is_gone_by_then_and_its_failure_ejects_nobody()
    {
        using (var request = Request(new StringContent("body")))
        {
            Mirror(new MirrorConfig("m", 1_000_000, null, false)).Send(request, Context());
            request.Headers.Clear();
        }

        await Arrived();
        Assert.Equal(["POST http://reviews:9080/x host=mine id=7 text/plain; charset=utf-8 body"], _bodies);
        Assert.NotNull(_cluster.Pick(default));
    }

    [Theory]
    [InlineData(null, true, "mine-shadow")]
    [InlineData("other:80", true, "other-shadow:80")]
    [InlineData("[::1]", true, "[::1]-shadow")]
    [InlineData("other", false, "other")]
    public async Task The_Host_may_change(string? host, bool suffix, string expected)
    {
        Mirror(new MirrorConfig("m", 1_000_000, host, suffix)).Send(Request(null), Context());

        await Arrived();
        Assert.Contains($"host={expected} ", Assert.Single(_bodies), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_a_share_is_mirrored()
    {
        var context = Context();
        var mirror = Mirror(new MirrorConfig("m", 250_000, null, false));
        var share = 0;
        for (var i = 0; i < 400; i++)
        {
            mirror.Send(Request(null), context);
            while (RequestMirror.Outstanding > 0)
            {
                await Arrived();
                share++;
                await Ended();
            }
        }

        Assert.InRange(share, 60, 140);
    }

    [Fact]
    public void A_body_that_can_be_read_only_once_is_not_mirrored()
    {
        Assert.Null(MirrorRequest.Copy(Request(new StreamContent(new MemoryStream([1])))));
        Assert.Null(MirrorRequest.Copy(Request(new ByteArrayContent(new byte[MirrorRequest.MaxBody + 1]))));
        Assert.NotNull(MirrorRequest.Copy(Request(new ByteArrayContent(new byte[MirrorRequest.MaxBody]))));
    }

    [Fact]
    public async Task A_mirror_that_hangs_fills_its_places_and_no_more_until_its_time_is_up()
    {
        var calls = 0;
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _upstream.Answer("a", async (_, token) =>
        {
            if (Interlocked.Increment(ref calls) == RequestMirror.MaxOutstanding)
            {
                all.SetResult();
            }

            await Task.Delay(Timeout.Infinite, token);
            return new HttpResponseMessage();
        });
        var mirror = Mirror(new MirrorConfig("m", 1_000_000, null, false));

        for (var i = 0; i < 2 * RequestMirror.MaxOutstanding; i++)
        {
            mirror.Send(Request(null), Context());
        }

        await all.Task.WaitAsync(Patience);
        Assert.Equal(RequestMirror.MaxOutstanding, RequestMirror.Outstanding);

        _time.Advance(TimeSpan.FromSeconds(15));
        await Ended();
        Assert.Equal(RequestMirror.MaxOutstanding, calls);
    }

    private static async Task Ended()
    {
        using var limit = new CancellationTokenSource(Patience);
        while (RequestMirror.Outstanding > 0)
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private async Task Arrived() => Assert.True(await _arrived.WaitAsync(Patience));

    private RequestMirror Mirror(MirrorConfig config) => new(config, _cluster, TimeSpan.Zero);

    private CallContext Context() => new(_time, new SeededRandom(1));

    private static HttpRequestMessage Request(HttpContent? content) =>
        new(HttpMethod.Post, "http://reviews:9080/x") { Content = content, Headers = { { "x-request-id", "7" }, { "Host", "mine" } } };
}
