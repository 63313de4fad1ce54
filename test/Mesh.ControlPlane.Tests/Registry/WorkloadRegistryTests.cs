using ProxylessMesh.ControlPlane.Registry;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Tests.Registry;

public sealed class WorkloadRegistryTests
{
    [Fact]
    public void A_workload_is_there_until_its_registration_ends()
    {
        var registry = new WorkloadRegistry();
        var changes = 0;
        registry.Changed += () => changes++;

        var registration = registry.Register(Workload("a"));
        Assert.Equal(["a"], registry.Current.Select(w => w.Id));
        registration.Dispose();
        registration.Dispose();

        Assert.Empty(registry.Current);
        Assert.Equal(2, changes);
    }

    [Fact]
    public void The_end_of_an_older_stream_does_not_remove_its_successor()
    {
        var registry = new WorkloadRegistry();

        var older = registry.Register(Workload("a"));
        var newer = registry.Register(Workload("a") with { Address = "10.0.0.2" });
        older.Dispose();

        Assert.Equal("10.0.0.2", Assert.Single(registry.Current).Address);
        newer.Dispose();
        Assert.Empty(registry.Current);
    }

    [Fact]
    public void A_claimed_id_replaces_nobody_elses_workload()
    {
        var registry = new WorkloadRegistry();

        registry.Register(Workload("a"));
        registry.Register(Workload("a") with { Authenticated = false }).Dispose();
        registry.Register(Workload("a") with { ServiceAccount = "other" }).Dispose();
        registry.Register(Workload("a") with { Namespace = "other" }).Dispose();

        Assert.Equal(Workload("a"), Assert.Single(registry.Current) with { Ports = [] });
    }

    [Fact]
    public async Task Many_at_once_are_all_there()
    {
        var registry = new WorkloadRegistry();

        var registrations = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() => registry.Register(Workload($"{i}")))));
        Assert.Equal(200, registry.Current.Length);
        await Task.WhenAll(registrations.Select(registration => Task.Run(registration.Dispose)));

        Assert.Empty(registry.Current);
    }

    private static RegisteredWorkload Workload(string id) =>
        new(id, "default", "reviews-v1", "reviews", EquatableMap.Empty, "10.0.0.1", [], default, AcceptsMutualTls: true, Authenticated: true);
}
