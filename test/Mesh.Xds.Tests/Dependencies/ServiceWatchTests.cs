using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Dependencies;

namespace ProxylessMesh.Xds.Tests.Dependencies;

/// <summary>Rule 21 (gRFC A74): only whole snapshots, errors stay with their cluster.</summary>
public sealed class ServiceWatchTests
{
    private static readonly ServiceResourceKinds s_kinds = MeshKinds.All;

    [Fact]
    public async Task Rule21_a_snapshot_is_published_once_everything_that_it_names_is_there()
    {
        await using var service = await ServiceFixture.StartAsync();
        await service.RequestAsync(s_kinds.Listener, "reviews:9080");
        await service.SendAndSettleAsync(s_kinds.Listener, "reviews:9080=rds routes");
        await service.RequestAsync(s_kinds.Route, "routes");
        await service.SendAndSettleAsync(s_kinds.Route, "routes=c1,c2,c1");
        await service.RequestAsync(s_kinds.Cluster, "c1", "c2");
        await service.SendAndSettleAsync(s_kinds.Cluster, "c1=eds e1", "c2=static 10.9.9.9");
        await service.RequestAsync(s_kinds.Endpoints, "e1");
        Assert.True(service.IsQuiet);

        service.Send(s_kinds.Endpoints, "e1=10.0.0.1,10.0.0.2");
        Assert.Equal("c1:10.0.0.1,10.0.0.2 c2:10.9.9.9", await service.NextSnapshotAsync());
    }

    [Fact]
    public async Task Rule21_inline_routes_need_no_route_request()
    {
        await using var service = await ServiceFixture.StartAsync();
        await service.RequestAsync(s_kinds.Listener, "reviews:9080");
        service.Send(s_kinds.Listener, "reviews:9080=inline c1");
        await service.RequestAsync(s_kinds.Cluster, "c1");
        service.Send(s_kinds.Cluster, "c1=static 10.0.0.1");

        Assert.Equal("c1:10.0.0.1", await service.NextSnapshotAsync());
    }

    [Fact]
    public async Task Rule21_an_error_stays_with_its_cluster()
    {
        await using var service = await ServiceFixture.StartAsync();
        await service.RequestAsync(s_kinds.Listener, "reviews:9080");
        service.Send(s_kinds.Listener, "reviews:9080=inline bad,good,lost");
        await service.RequestAsync(s_kinds.Cluster, "bad", "good", "lost");
        service.Send(s_kinds.Cluster, "bad=!no such policy", "good=static 10.0.0.1", "lost=eds nowhere");
        await service.RequestAsync(s_kinds.Endpoints, "nowhere");
        await service.Mesh.Time.WhenArmedAsync(3);
        Assert.True(service.IsQuiet);
        service.Mesh.Time.Advance(TimeSpan.FromSeconds(15));

        var snapshot = (await service.NextAsync()).Snapshot!;
        Assert.Equal("bad:! good:10.0.0.1 lost:!", ServiceFixture.Describe(snapshot));
        Assert.Contains("no such policy", snapshot.Clusters["bad"].Error, StringComparison.Ordinal);
        Assert.Contains("EDS \"nowhere\"", snapshot.Clusters["lost"].Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rule21_new_routes_wait_for_their_clusters_while_those_in_force_stay_fresh()
    {
        await using var service = await ServiceFixture.StartAsync();
        await service.BringUpAsync();

        await service.SendAndSettleAsync(s_kinds.Route, "routes=c2");
        await service.RequestAsync(s_kinds.Cluster, "c1", "c2");
        Assert.True(service.IsQuiet);

        service.Send(s_kinds.Endpoints, "e1=10.0.0.7");
        Assert.Equal("c1:10.0.0.7", await service.NextSnapshotAsync());

        service.Send(s_kinds.Cluster, "c1=eds e1", "c2=static 10.0.0.2");
        Assert.Equal("c2:10.0.0.2", await service.NextSnapshotAsync());

        // Only now is the old cluster let go.
        await service.RequestAsync(s_kinds.Cluster, "c2");
        await service.RequestAsync(s_kinds.Endpoints);
    }

    [Fact]
    public async Task Rule21_a_cluster_that_moves_to_other_endpoints_keeps_the_old_ones_until_they_are_there()
    {
        await using var service = await ServiceFixture.StartAsync();
        await service.BringUpAsync();

        await service.SendAndSettleAsync(s_kinds.Cluster, "c1=eds e2");
        await service.RequestAsync(s_kinds.Endpoints, "e1", "e2");
        Assert.True(service.IsQuiet);
        service.Send(s_kinds.Endpoints, "e2=10.0.0.2");

        Assert.Equal("c1:10.0.0.2", await service.NextSnapshotAsync());
        await service.RequestAsync(s_kinds.Endpoints, "e2");
    }

    [Fact]
    public async Task Unchanged_clusters_are_the_same_instances_and_an_equal_snapshot_is_not_published()
    {
        await using var service = await ServiceFixture.StartAsync();
        var first = await service.BringUpAsync();
        await service.SendAndSettleAsync(s_kinds.Route, "routes=c1,c2");
        await service.RequestAsync(s_kinds.Cluster, "c1", "c2");
        service.Send(s_kinds.Cluster, "c1=eds e1", "c2=static 10.0.0.2");
        var second = (await service.NextAsync()).Snapshot!;

        Assert.Same(first.Clusters["c1"], second.Clusters["c1"]);
        Assert.Same(first.Listener, second.Listener);
        Assert.NotSame(first.Routes, second.Routes);

        // An error that comes and goes makes the client repeat an equal value.
        await service.SendAndSettleAsync(s_kinds.Endpoints, "e1=!bad");
        await service.SendAndSettleAsync(s_kinds.Endpoints, "e1=10.0.0.1");
        Assert.True(service.IsQuiet);
    }

    [Fact]
    public async Task Rule17_bad_updates_deletions_and_a_lost_control_plane_change_nothing()
    {
        await using var service = await ServiceFixture.StartAsync();
        await service.BringUpAsync();

        await service.SendAndSettleAsync(s_kinds.Listener, "reviews:9080=!bad");
        await service.SendAndSettleAsync(s_kinds.Route, "routes=!bad");
        await service.SendAndSettleAsync(s_kinds.Cluster);
        await service.SendAndSettleAsync(s_kinds.Listener);
        service.Mesh.Server.Refuse = new IOException("gone");
        service.Stream.End();
        await service.Stream.ClosedByClient;
        service.Mesh.Time.Advance(TimeSpan.FromMinutes(10));
        await service.Mesh.SettleAsync();

        Assert.True(service.IsQuiet);
    }

    [Fact]
    public async Task New_routes_whose_cluster_cannot_be_asked_for_do_not_replace_those_in_force()
    {
        await using var service = await ServiceFixture.StartAsync();
        await service.BringUpAsync();
        await service.SendAndSettleAsync(s_kinds.Route, "routes=c2");
        service.Mesh.Server.Refuse = new IOException("gone");
        service.Stream.End();
        await service.Stream.ClosedByClient;
        await service.Mesh.Time.WhenArmedAsync(1);
        service.Mesh.Time.Advance(TimeSpan.FromSeconds(2));
        await service.Mesh.Server.AcceptAsync();
        await service.Mesh.Time.WhenArmedAsync(1);
        await service.Mesh.SettleAsync();
        Assert.True(service.IsQuiet);

        service.Mesh.Server.Refuse = null;
        service.Mesh.Time.Advance(TimeSpan.FromMinutes(2));
        await service.ConnectAsync();
        await service.RequestAsync(s_kinds.Cluster, "c1", "c2");
        service.Send(s_kinds.Cluster, "c2=static 10.0.0.2");
        Assert.Equal("c2:10.0.0.2", await service.NextSnapshotAsync());
    }

    [Fact]
    public async Task A_listener_that_does_not_exist_is_missing_and_may_come_later()
    {
        await using var service = await ServiceFixture.StartAsync();
        await service.RequestAsync(s_kinds.Listener, "reviews:9080");
        await service.Mesh.Time.WhenArmedAsync(1);
        service.Mesh.Time.Advance(TimeSpan.FromSeconds(15));

        Assert.Same(ServiceState.DoesNotExist, await service.NextAsync());
        service.Send(s_kinds.Listener, "reviews:9080=inline c1");
        await service.RequestAsync(s_kinds.Cluster, "c1");
        service.Send(s_kinds.Cluster, "c1=static 10.0.0.1");
        Assert.Equal("c1:10.0.0.1", await service.NextSnapshotAsync());
    }

    [Fact]
    public async Task A_listener_that_nobody_can_tell_about_is_an_error_and_not_missing()
    {
        await using var service = new ServiceFixture();
        service.Mesh.Server.Refuse = new IOException("connection refused");

        var state = await service.NextAsync();

        Assert.False(state.Missing);
        Assert.Contains("connection refused", state.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Routes_that_do_not_exist_are_an_error()
    {
        await using var service = await ServiceFixture.StartAsync();
        await service.RequestAsync(s_kinds.Listener, "reviews:9080");
        service.Send(s_kinds.Listener, "reviews:9080=rds routes");
        await service.RequestAsync(s_kinds.Route, "routes");
        await service.Mesh.Time.WhenArmedAsync(2);
        service.Mesh.Time.Advance(TimeSpan.FromSeconds(15));

        var state = await service.NextAsync();
        Assert.False(state.Missing);
        Assert.Contains("RDS \"routes\"", state.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_inbound_listener_is_not_for_calls()
    {
        await using var service = await ServiceFixture.StartAsync();
        await service.RequestAsync(s_kinds.Listener, "reviews:9080");
        service.Send(s_kinds.Listener, "reviews:9080=inbound 9080");

        Assert.Contains("inbound", (await service.NextAsync()).Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_fail_on_data_errors_a_deleted_listener_is_missing_and_a_bad_route_fails()
    {
        await using var service = await ServiceFixture.StartAsync(new XdsServerFeatures(FailOnDataErrors: true, false));
        await service.BringUpAsync();
        await service.SendAndSettleAsync(s_kinds.Route, "routes=!bad");
        Assert.Contains("bad", (await service.NextAsync()).Error!.Message, StringComparison.Ordinal);
        await service.SendAndSettleAsync(s_kinds.Listener);
        Assert.True((await service.NextAsync()).Missing);
    }

    [Fact]
    public async Task Dispose_unsubscribes_everything_and_is_silent()
    {
        await using var service = await ServiceFixture.StartAsync();
        await service.BringUpAsync();
        service.Watch.Dispose();
        service.Watch.Dispose();

        await service.RequestAsync(s_kinds.Listener);
        await service.Mesh.SettleAsync();
        Assert.All((await service.Mesh.Client.GetStatusAsync()).Types, t => Assert.Empty(t.Resources));
        service.Send(s_kinds.Listener, "reviews:9080=inbound 9080");
        await service.Mesh.SettleAsync();
        Assert.True(service.IsQuiet);
    }

    [Fact]
    public async Task Routes_that_change_while_others_are_waited_for_leave_nothing_behind()
    {
        await using var service = await ServiceFixture.StartAsync();
        await service.BringUpAsync();
        for (var i = 2; i < 20; i++)
        {
            await service.SendAndSettleAsync(s_kinds.Route, $"routes=c{i}");
        }

        var clusters = (await service.Mesh.Client.GetStatusAsync()).Types.Single(t => t.ShortName == "CDS").Resources;
        Assert.Equal(["c1", "c19"], clusters.Select(c => c.Name).Order(StringComparer.Ordinal));
        Assert.True(service.IsQuiet);
    }
}
