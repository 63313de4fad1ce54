using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ProxylessMesh.Client.Calls;
using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Client.Routing;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Randomness;

namespace ProxylessMesh.Client.Tests.Calls;

public sealed class EditedCallTests : IDisposable
{
    private static readonly ForwardActionConfig Plain = new([new WeightedClusterConfig(Sample.ClusterName, 1)], null, null);

    private readonly FakeTime _time = new();
    private readonly StubUpstream _upstream = new();
    private readonly HttpMessageInvoker _passThrough = new(new SocketsHttpHandler());
    private readonly ClusterState _cluster;
    private readonly List<string> _sent = [];

    public EditedCallTests()
    {
        _cluster = new ClusterState(Sample.ClusterName, _upstream.Handler, _time, new SeededRandom(1));
        _cluster.Apply(Sample.Snapshot(Sample.Cluster(outliers: Sample.Outliers(consecutive5xx: 100)), Sample.Endpoints("a", "b")));
        foreach (var address in new[] { "a", "b" })
        {
            _upstream.Answer(address, (request, _) => Task.FromResult(Record(request, new HttpResponseMessage(HttpStatusCode.OK)
            {
                Headers = { { "x-old", "1" } },
                Content = new StreamContent(new MemoryStream([1])) { Headers = { ContentType = new MediaTypeHeaderValue("text/plain") } },
            })));
        }
    }

    public void Dispose() => _passThrough.Dispose();

    [Fact]
    public void A_route_that_only_forwards_has_no_edits() => Assert.Null(Route(Plain).Edits);

    [Fact]
    public async Task The_endpoint_sees_the_new_path_and_Host_and_the_caller_its_own()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "http://reviews:9080/api/x?q=1");
        var uri = request.RequestUri;

        var response = await Send(request, Plain with { PathRewrite = new PathRewriteConfig("/v2", null), HostRewrite = "v2.example.com" });

        Assert.Equal(["http://reviews:9080/v2/x?q=1 host=v2.example.com x-envoy-original-path=/api/x?q=1"], _sent);
        Assert.Same(uri, request.RequestUri);
        Assert.Same(request, response.RequestMessage);
        Assert.Null(request.Headers.Host);
        Assert.Empty(request.Headers);
    }

    [Fact]
    public async Task A_rewritten_path_travels_as_it_is_written()
    {
        await Send(new HttpRequestMessage(HttpMethod.Get, "http://reviews:9080/api"), Plain with { PathRewrite = new PathRewriteConfig("/a/../%41", null) });

        Assert.StartsWith("http://reviews:9080/a/../%41 ", Assert.Single(_sent), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_Host_that_was_replaced_is_told_when_asked_for()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "http://reviews:9080/") { Headers = { Host = "mine" } };

        await Send(request, Plain with { HostRewrite = "new", AppendForwardedHost = true });

        Assert.Equal(["http://reviews:9080/ host=new x-forwarded-host=mine"], _sent);
        Assert.Equal("mine", request.Headers.Host);
    }

    [Fact]
    public async Task Retries_send_the_changed_request()
    {
        _upstream.Answer("a", (request, _) => Task.FromResult(Record(request, new HttpResponseMessage(HttpStatusCode.ServiceUnavailable))));

        await Send(
            new HttpRequestMessage(HttpMethod.Get, "http://reviews:9080/"),
            Plain with { HostRewrite = "new", Retry = Sample.Retry(RetryConditions.GatewayError) });

        Assert.Equal(["http://reviews:9080/ host=new", "http://reviews:9080/ host=new"], _sent);
    }

    [Fact]
    public async Task Request_headers_change_on_the_way_only()
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "http://reviews:9080/") { Content = new StringContent("x", Encoding.UTF8, "text/plain") };
        request.Headers.Add("gone", ["1", "2"]);
        request.Headers.Add("kept", "1");
        request.Headers.Add("set", "1");

        await Send(request, Plain, request:
        [
            new(HeaderMutationKind.Remove, "gone"),
            new(HeaderMutationKind.Set, "set", "2"),
            new(HeaderMutationKind.Set, "content-type", "text/css"),
            new(HeaderMutationKind.SetIfPresent, "absent", "2"),
            new(HeaderMutationKind.Append, "kept", "2"),
            new(HeaderMutationKind.AddIfAbsent, "kept", "3"),
            new(HeaderMutationKind.AddIfAbsent, "new", "3"),
        ]);

        Assert.Equal(["http://reviews:9080/ host= Content-Type=text/css kept=1,2 new=3 set=2"], _sent);
        Assert.Equal(["gone=1,2", "kept=1", "set=1"], request.Headers.OrderBy(h => h.Key).Select(h => $"{h.Key}={string.Join(',', h.Value)}"));
        Assert.Equal("text/plain; charset=utf-8", request.Content.Headers.ContentType!.ToString());
    }

    [Fact]
    public async Task A_call_that_fails_or_is_cancelled_gives_the_request_back_too()
    {
        _upstream.Answer("a", (_, token) => Task.FromCanceled<HttpResponseMessage>(token));
        var request = new HttpRequestMessage(HttpMethod.Get, "http://reviews:9080/");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Send(
            request, Plain with { HostRewrite = "new" }, [new(HeaderMutationKind.Append, "new", "1")], token: new CancellationToken(canceled: true)));

        Assert.Null(request.Headers.Host);
        Assert.Empty(request.Headers);
    }

    [Fact]
    public async Task Response_headers_change_those_of_the_body_too()
    {
        var response = await Send(new HttpRequestMessage(HttpMethod.Get, "http://reviews:9080/"), Plain, response:
        [
            new(HeaderMutationKind.Remove, "x-old"), new(HeaderMutationKind.Append, "x-new", "1"), new(HeaderMutationKind.Set, "content-type", "text/css"),
        ]);

        Assert.Equal(["x-new"], response.Headers.Select(h => h.Key));
        Assert.Equal("text/css", response.Content.Headers.ContentType!.ToString());
    }

    [Fact]
    public async Task What_the_mesh_says_itself_is_not_dressed_up_as_a_response_of_the_upstream()
    {
        _cluster.Apply(Sample.Snapshot(Sample.Cluster(), Sample.Endpoints(Array.Empty<string>())));

        var response = await Send(
            new HttpRequestMessage(HttpMethod.Get, "http://reviews:9080/"), Plain, response: [new(HeaderMutationKind.Append, "x-new", "1")]);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Empty(response.Headers);
    }

    /// <summary>Envoy: a cluster's changes come first, so that the route's win; and so with the Host.</summary>
    [Fact]
    public async Task The_route_wins_over_its_cluster()
    {
        var cluster = new WeightedClusterConfig(Sample.ClusterName, 1)
        {
            HostRewrite = "of-cluster",
            Headers = new HeaderMutationsConfig([new(HeaderMutationKind.Set, "who", "cluster"), new(HeaderMutationKind.Set, "only", "cluster")], []),
        };

        await Send(
            new HttpRequestMessage(HttpMethod.Get, "http://reviews:9080/"),
            Plain with { Clusters = [cluster], HostRewrite = "of-route" },
            [new(HeaderMutationKind.Set, "who", "route")]);
        await Send(new HttpRequestMessage(HttpMethod.Get, "http://reviews:9080/"), Plain with { Clusters = [cluster] });

        Assert.Equal(["http://reviews:9080/ host=of-route only=cluster who=route", "http://reviews:9080/ host=of-cluster only=cluster who=cluster"], _sent);
    }

    private HttpResponseMessage Record(HttpRequestMessage request, HttpResponseMessage response)
    {
        var headers = request.Headers.NonValidated.Concat(request.Content?.Headers.NonValidated.AsEnumerable() ?? [])
            .Where(h => h.Key != "Host").OrderBy(h => h.Key, StringComparer.OrdinalIgnoreCase).Select(h => $" {h.Key}={string.Join(',', h.Value)}");
        _sent.Add($"{request.RequestUri!.OriginalString} host={request.Headers.Host}{string.Concat(headers)}");
        response.RequestMessage = request;
        return response;
    }

    private Task<HttpResponseMessage> Send(
        HttpRequestMessage message,
        ForwardActionConfig action,
        EquatableArray<HeaderMutationConfig> request = default,
        EquatableArray<HeaderMutationConfig> response = default,
        CancellationToken token = default)
    {
        var route = Route(action, new HeaderMutationsConfig(request, response));
        return EditedCall.SendAsync(message, route, route.Edits!, _passThrough, new CallContext(_time, new NoPause()), token);
    }

    private RouteModel Route(ForwardActionConfig action, HeaderMutationsConfig? headers = null) => RouteModel.Compile(
        new RouteEntryConfig("r", new RouteMatchConfig(new PathMatchConfig(PathMatchKind.Prefix, "/api"), [], [], null), action)
        {
            Headers = headers ?? HeaderMutationsConfig.None,
        },
        _ => _cluster);

    /// <summary>The pause between attempts is a share of an interval: none of it.</summary>
    private sealed class NoPause : IRandomSource
    {
        public int Next(int exclusiveMax) => 0;

        public double NextDouble() => 0;
    }
}
