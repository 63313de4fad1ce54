using ProxylessMesh.Xds.Dependencies;

namespace ProxylessMesh.Xds.Tests.Dependencies;

/// <summary>gRFCs A37 and A74: aggregates are followed down to clusters with endpoints.</summary>
public sealed class AggregateTests
{
    private static readonly ServiceResourceKinds s_kinds = MeshKinds.All;

    [Fact]
    public async Task Leaves_come_in_the_order_of_use_and_once()
    {
        await using var service = await StartAsync("top");
        service.Send(s_kinds.Cluster, "top=aggregate near,inner,near");
        await service.RequestAsync(s_kinds.Cluster, "inner", "near", "top");
        service.Send(s_kinds.Cluster, "top=aggregate near,inner,near", "inner=aggregate far,near,last", "near=static 10.0.0.1");
        await service.RequestAsync(s_kinds.Cluster, "far", "inner", "last", "near", "top");
        service.Send(s_kinds.Cluster, "top=aggregate near,inner,near", "inner=aggregate far,near,last", "near=static 10.0.0.1", "far=eds e", "last=static 10.0.0.3");
        await service.RequestAsync(s_kinds.Endpoints, "e");
        Assert.True(service.IsQuiet);
        service.Send(s_kinds.Endpoints, "e=10.0.0.2");

        Assert.Equal("far:10.0.0.2 last:10.0.0.3 near:10.0.0.1 top:(near,far,last)", await service.NextSnapshotAsync());
    }

    [Fact]
    public async Task Cluster_below_that_does_not_exist_is_skipped_at_run_time()
    {
        await using var service = await StartAsync("top");
        service.Send(s_kinds.Cluster, "top=aggregate bad,good", "bad=!no such policy", "good=static 10.0.0.1");
        await service.RequestAsync(s_kinds.Cluster, "bad", "good", "top");
        service.Send(s_kinds.Cluster, "top=aggregate bad,good", "bad=!no such policy", "good=static 10.0.0.1");

        Assert.Equal("bad:! good:10.0.0.1 top:(bad,good)", await service.NextSnapshotAsync());
    }

    [Fact]
    public async Task Aggregate_within_itself_is_an_error_that_shows_the_way()
    {
        await using var service = await StartAsync("a");
        service.Send(s_kinds.Cluster, "a=aggregate b");
        await service.RequestAsync(s_kinds.Cluster, "a", "b");
        service.Send(s_kinds.Cluster, "a=aggregate b", "b=aggregate a");

        var snapshot = (await service.NextAsync()).Snapshot!;
        Assert.Equal("the aggregate cluster \"a\" contains itself: a > b > a", snapshot.Clusters["a"].Error);
    }

    [Theory]
    [InlineData(16, null)]
    [InlineData(17, "the aggregate cluster \"a0\" is nested more than 16 deep")]
    public async Task Depth_is_limited(int clusters, string? error)
    {
        await using var service = await StartAsync("a0");
        string[] all = [.. Enumerable.Range(0, clusters - 1).Select(i => $"a{i}=aggregate a{i + 1}"), $"a{clusters - 1}=static 10.0.0.1"];
        for (var known = 1; known < clusters; known++)
        {
            service.Send(s_kinds.Cluster, all[..known]);
            if (known < 16)
            {
                await service.RequestAsync(s_kinds.Cluster, [.. Enumerable.Range(0, known + 1).Select(i => $"a{i}").Order(StringComparer.Ordinal)]);
            }
        }

        service.Send(s_kinds.Cluster, all);

        Assert.Equal(error, (await service.NextAsync()).Snapshot!.Clusters["a0"].Error);
    }

    [Fact]
    public async Task New_cluster_below_is_taken_up_when_it_is_whole_and_an_old_one_let_go()
    {
        await using var service = await StartAsync("top");
        service.Send(s_kinds.Cluster, "top=aggregate one");
        await service.RequestAsync(s_kinds.Cluster, "one", "top");
        service.Send(s_kinds.Cluster, "top=aggregate one", "one=static 10.0.0.1");
        Assert.Equal("one:10.0.0.1 top:(one)", await service.NextSnapshotAsync());

        service.Send(s_kinds.Cluster, "top=aggregate two", "one=static 10.0.0.1");
        await service.RequestAsync(s_kinds.Cluster, "one", "top", "two");
        service.Send(s_kinds.Cluster, "top=aggregate two", "one=static 10.0.0.1", "two=eds e");
        await service.RequestAsync(s_kinds.Endpoints, "e");
        Assert.True(service.IsQuiet);
        service.Send(s_kinds.Endpoints, "e=10.0.0.2");

        Assert.Equal("top:(two) two:10.0.0.2", await service.NextSnapshotAsync());
        await service.RequestAsync(s_kinds.Cluster, "top", "two");
    }

    private static async Task<ServiceFixture> StartAsync(string cluster)
    {
        var service = await ServiceFixture.StartAsync();
        await service.RequestAsync(s_kinds.Listener, "reviews:9080");
        service.Send(s_kinds.Listener, $"reviews:9080=inline {cluster}");
        await service.RequestAsync(s_kinds.Cluster, cluster);
        return service;
    }
}
