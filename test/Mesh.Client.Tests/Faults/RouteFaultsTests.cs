using System.Collections.Frozen;
using System.Net;
using ProxylessMesh.Client.Calls;
using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Client.Faults;
using ProxylessMesh.Client.Outcomes;
using ProxylessMesh.Client.Routing;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Dependencies;

namespace ProxylessMesh.Client.Tests.Faults;

public sealed class RouteFaultsTests
{
    private const string Filter = "envoy.filters.http.fault";
    private static readonly FractionConfig Always = new(100, 100);

    private readonly FakeTime _time = new();
    private readonly CallContext _context;

    public RouteFaultsTests() => _context = new CallContext(_time, new SeededRandom(7));

    [Fact]
    public void NothingStandsOnThePathOfARouteWithoutFaults()
    {
        Assert.Null(Route(null).Faults);
        Assert.Null(Route(Abort(500, FractionConfig.Never)).Faults);
        Assert.Null(Route(Abort(500) with { MaxActive = 0 }).Faults);
    }

    [Fact]
    public async Task AnAbortAnswersWithItsStatusAndSaysThatItIsOne()
    {
        var outcome = await Inject(Route(Abort(418)));

        Assert.Equal(418, (int)outcome.Reply!.StatusCode);
        Assert.Equal(ResponseFlags.FaultInjected, outcome.Reply.GetMeshOutcome()!.Flags);
        Assert.Contains("fault filter abort", await outcome.Reply.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(14, 503)]
    [InlineData(5, 404)]
    [InlineData(0, 200)]
    public async Task AGrpcAbortIsATrailersOnlyResponse(int grpcStatus, int httpStatus)
    {
        var route = Route(new FaultConfig(null, new FaultAbortConfig(null, grpcStatus, Always), null, "", [], []));

        var grpc = (await Inject(route, Grpc())).Reply!;
        var http = (await Inject(route)).Reply!;

        Assert.Equal(HttpStatusCode.OK, grpc.StatusCode);
        Assert.Equal([$"{grpcStatus}"], grpc.Headers.GetValues("grpc-status"));
        Assert.Equal(httpStatus, (int)http.StatusCode);
    }

    [Fact]
    public async Task AnHttpAbortOfAGrpcCallIsMapped()
    {
        var reply = (await Inject(Route(Abort(429)), Grpc())).Reply!;

        Assert.Equal(["14"], reply.Headers.GetValues("grpc-status"));
    }

    [Fact]
    public async Task ADelayWaitsAndThenLetsTheCallGoOn()
    {
        var route = Route(Delay(TimeSpan.FromSeconds(7)));

        var injecting = Inject(route);
        Assert.False(injecting.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(7));
        var outcome = await injecting;

        Assert.Null(outcome.Reply);
        Assert.True(outcome.Delayed);
        Assert.Same(route, outcome.Route);
    }

    [Fact]
    public async Task DelayComesBeforeAbortAndBothAreTold()
    {
        var injecting = Inject(Route(Delay(TimeSpan.FromSeconds(1)) with { Abort = new FaultAbortConfig(500, null, Always) }));

        Assert.False(injecting.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(ResponseFlags.FaultInjected | ResponseFlags.DelayInjected, (await injecting).Reply!.GetMeshOutcome()!.Flags);
    }

    [Fact]
    public async Task TheCallersCancellationEndsADelayAsACancellation()
    {
        using var caller = new CancellationTokenSource();
        var injecting = Inject(Route(Delay(TimeSpan.FromSeconds(1)) with { MaxActive = 1 }), token: caller.Token);

        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => injecting);
        Assert.True(_context.Faults.TryEnter(1));
    }

    [Fact]
    public async Task OnlySoManyFaultsAreActiveAtATime()
    {
        var route = Route(Delay(TimeSpan.FromSeconds(1)) with { MaxActive = 1 });
        var first = Inject(route);

        Assert.False((await Inject(route)).Delayed);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True((await first).Delayed);
    }

    [Fact]
    public async Task TheShareIsKept()
    {
        var route = Route(Abort(500, new FractionConfig(2_500, 10_000)));
        var hits = 0;
        for (var i = 0; i < 10_000; i++)
        {
            hits += (await Inject(route)).Reply is null ? 0 : 1;
        }

        Assert.InRange(hits, 2_300, 2_700);
    }

    [Theory]
    [InlineData("x-envoy-fault-abort-request: 503", 503)]
    [InlineData("x-envoy-fault-abort-request: 503; x-envoy-fault-abort-request: 501", 501)]
    [InlineData("x-envoy-fault-abort-request: 503; x-envoy-fault-abort-grpc-request: 5", 503)]
    [InlineData("x-envoy-fault-abort-grpc-request: 5", 404)]
    [InlineData("x-envoy-fault-abort-request: 503; x-envoy-fault-abort-request-percentage: 0", null)]
    [InlineData("x-envoy-fault-abort-request: 503; x-envoy-fault-abort-request-percentage: 100", 503)]
    [InlineData("x-envoy-fault-abort-request: 99", null)]
    [InlineData("x-envoy-fault-abort-request: 600", null)]
    [InlineData("x-envoy-fault-abort-request: -1", null)]
    [InlineData("x-envoy-fault-abort-request: five", null)]
    [InlineData("x-envoy-fault-abort-request: 99999999999999999999", null)]
    [InlineData("x: y", null)]
    public async Task ACallerCanAskForAnAbort(string headers, int? status)
    {
        var route = Route(new FaultConfig(null, new FaultAbortConfig(null, null, Always), null, "", [], []));

        Assert.Equal(status, (int?)(await Inject(route, Request(headers))).Reply?.StatusCode);
    }

    [Fact]
    public async Task ACallerCanAskForADelayOnlyWhereTheConfigurationLetsIt()
    {
        var asked = Inject(Route(new FaultConfig(new FaultDelayConfig(null, Always), null, null, "", [], [])), Request("x-envoy-fault-delay-request: 250"));
        Assert.False(asked.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(250));
        Assert.True((await asked).Delayed);

        var fixedAbort = Route(Abort(500, new FractionConfig(1, 1_000_000)));
        Assert.Null((await Inject(fixedAbort, Request("x-envoy-fault-delay-request: 250; x-envoy-fault-abort-request: 503"))).Reply);
    }

    [Fact]
    public async Task AFaultCanBeForSomeRequestsOnly()
    {
        var route = Route(Abort(500) with
        {
            Headers = [new HeaderMatchConfig("end-user", new StringMatchConfig(StringMatchKind.Exact, "jason"), null, null)],
            Nodes = ["edge"],
        });

        Assert.Null((await Inject(route)).Reply);
        Assert.Null((await Inject(route, Request("end-user: jason"))).Reply);
        Assert.NotNull((await Inject(route, Request("end-user: jason; x-envoy-downstream-service-node: edge"))).Reply);
    }

    [Fact]
    public async Task TheMostSpecificSettingWins()
    {
        var chain = Abort(501);
        var host = new FaultFilterConfig(Filter, Abort(502));

        Assert.Equal(501, await Status(Compile(chain, [], [], [])));
        Assert.Equal(502, await Status(Compile(chain, [host], [], [])));
        Assert.Equal(503, await Status(Compile(chain, [host], [new FaultFilterConfig(Filter, Abort(503))], [])));
        Assert.Null(Compile(chain, [host], [new FaultFilterConfig(Filter, null)], []).Faults);
        Assert.Equal(502, await Status(Compile(chain, [host], [new FaultFilterConfig("another", Abort(503))], [])));
        Assert.Equal(504, await Status(Compile(chain, [host], [], [new FaultFilterConfig(Filter, Abort(504))])));
    }

    [Fact]
    public async Task AClusterOfASplitCanHaveFaultsOfItsOwn()
    {
        var route = Compile(null, [], [], [new FaultFilterConfig(Filter, Abort(504))], otherWeight: 1);
        var aborted = 0;
        for (var i = 0; i < 100; i++)
        {
            var outcome = await Inject(route);
            aborted += outcome.Reply is null ? 0 : 1;
            Assert.True(outcome.Reply is not null || outcome.Route.Clusters!.IsOnly("other"));
        }

        Assert.InRange(aborted, 20, 80);
    }

    private static FaultConfig Abort(int status, FractionConfig? share = null) =>
        new(null, new FaultAbortConfig(status, null, share ?? Always), null, "", [], []);

    private static FaultConfig Delay(TimeSpan duration) => new(new FaultDelayConfig(duration, Always), null, null, "", [], []);

    private RouteModel Route(FaultConfig? fault) => Compile(null, [], fault is null ? [] : [new FaultFilterConfig(Filter, fault)], []);

    private RouteModel Compile(
        FaultConfig? chain,
        EquatableArray<HttpFilterConfig> host,
        EquatableArray<HttpFilterConfig> route,
        EquatableArray<HttpFilterConfig> cluster,
        uint otherWeight = 0)
    {
        var first = new WeightedClusterConfig(Sample.ClusterName, 1) { FilterOverrides = cluster };
        var entry = new RouteEntryConfig(
            "canary",
            new RouteMatchConfig(new PathMatchConfig(PathMatchKind.Prefix, "/"), [], [], null),
            new ForwardActionConfig(otherWeight == 0 ? [first] : [first, new WeightedClusterConfig("other", otherWeight)], null, null))
        {
            FilterOverrides = route,
        };
        var virtualHost = new VirtualHostConfig("reviews", ["*"], [entry]) { FilterOverrides = host };
        var off = new FaultConfig(null, null, null, "", [], []);
        var http = new HttpConnectionConfig("r", null, [new FaultFilterConfig(Filter, chain ?? off), new RouterFilterConfig("router")]);
        var snapshot = new ServiceSnapshot(
            new OutboundListenerConfig("reviews:9080", http), new RouteConfig("r", [virtualHost]), FrozenDictionary<string, ClusterSnapshot>.Empty);
        var clusters = new Dictionary<string, ClusterState>();
        return RouteModel.Compile(entry, Find, FaultCompiler.Compile(snapshot, virtualHost, entry, Find));

        ClusterState Find(string name) => clusters.TryGetValue(name, out var state)
            ? state
            : clusters[name] = new ClusterState(name, new StubUpstream().Handler, _time, new SeededRandom(1));
    }

    private async Task<int?> Status(RouteModel route) => (int?)(await Inject(route)).Reply?.StatusCode;

    private Task<FaultOutcome> Inject(RouteModel route, HttpRequestMessage? request = null, CancellationToken token = default) =>
        route.Faults!.InjectAsync(request ?? Request(""), "reviews:9080", route, _context, token).AsTask();

    private static HttpRequestMessage Request(string headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "http://reviews:9080/");
        foreach (var header in headers.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var colon = header.IndexOf(':', StringComparison.Ordinal);
            request.Headers.TryAddWithoutValidation(header[..colon], header[(colon + 1)..].Trim());
        }

        return request;
    }

    private static HttpRequestMessage Grpc()
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "http://reviews:9080/a/b") { Content = new ByteArrayContent([]) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/grpc");
        return request;
    }
}
