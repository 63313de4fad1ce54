using System.Net;
using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Client.Drops;
using ProxylessMesh.Client.LoadReports;
using ProxylessMesh.Client.Outcomes;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.Tests.Drops;

/// <summary>ClusterLoadAssignment.Policy.drop_overloads (gRFC A27).</summary>
public sealed class OverloadDropsTests
{
    private const int Million = 1_000_000;

    [Fact]
    public async Task A_dropped_call_is_told_so_and_sent_nowhere_again_either()
    {
        using var call = Call(new DropConfig("lb", Million));

        var response = await call.Send(SampleCall.Forward(Sample.Retry(RetryConditions.ServerError | RetryConditions.GatewayError)));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("true", response.Headers.GetValues("x-envoy-drop-overload").Single());
        Assert.Equal((ResponseFlags.DropOverload, 0), (response.GetMeshOutcome()!.Flags, response.GetMeshOutcome()!.Attempts));
        Assert.StartsWith("flags=DO ", response.GetMeshOutcome()!.ToString(), StringComparison.Ordinal);
        Assert.Contains("(lb 100%)", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(call.Upstream.Calls);
        Assert.Equal(0, call.Cluster.Breaker.Requests);
    }

    [Fact]
    public async Task A_gRPC_call_is_unavailable()
    {
        using var call = Call(new DropConfig("lb", Million));
        var content = new ByteArrayContent([0, 0, 0, 0, 0]);
        content.Headers.TryAddWithoutValidation("Content-Type", "application/grpc");

        var response = await call.Send(SampleCall.Forward(), SampleCall.Request(content));

        Assert.Equal("14", response.Headers.GetValues("grpc-status").Single());
    }

    [Fact]
    public async Task An_update_of_endpoints_ends_it()
    {
        using var call = Call(new DropConfig("lb", Million));
        call.Upstream.Status("a", 200);
        call.Cluster.Apply(Sample.Snapshot(Sample.Cluster(), Sample.Endpoints("a")));

        Assert.Equal(HttpStatusCode.OK, (await call.Send(SampleCall.Forward())).StatusCode);
    }

    [Fact]
    public void Each_category_takes_its_share_of_what_is_left()
    {
        var random = new SeededRandom(7);
        var drops = OverloadDrops.Of([new DropConfig("first", Million / 2), new DropConfig("second", Million / 2)], null)!;

        var dropped = Enumerable.Range(0, 40_000).Count(_ => drops.Takes(random));

        var counts = drops.Take().ToDictionary();
        Assert.Equal(dropped, counts.Values.Sum());
        Assert.InRange(counts["first"], 19_500, 20_500);
        Assert.InRange(counts["second"], 9_600, 10_400);
        Assert.Empty(drops.Take());
    }

    [Fact]
    public void What_was_counted_survives_another_share()
    {
        var drops = OverloadDrops.Of([new DropConfig("lb", Million)], null);
        drops!.Takes(new SeededRandom(1));

        drops = OverloadDrops.Of([new DropConfig("other", 0), new DropConfig("lb", 0)], drops);

        Assert.False(drops!.Takes(new SeededRandom(1)));
        Assert.Equal([KeyValuePair.Create("lb", 1L)], drops.Take());
        Assert.Null(OverloadDrops.Of([], drops));
    }

    [Fact]
    public async Task Load_reports_tell_of_it_by_category()
    {
        var stats = new LoadStats(new FakeTime());
        using var call = Call(new DropConfig("lb", Million));
        stats.Open(call.Cluster);
        (await call.Send(SampleCall.Forward())).Dispose();

        var told = Assert.Single(stats.Take(_ => true));

        Assert.Equal(1, told.Dropped);
        Assert.Equal([KeyValuePair.Create("lb", 1L)], told.Drops);
        Assert.Empty(stats.Take(_ => true));
    }

    private static SampleCall Call(DropConfig drop) => new(endpoints: Sample.Endpoints("a", "b") with { Drops = [drop] });
}
