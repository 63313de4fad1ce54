using ProxylessMesh.ControlPlane.Registry;
using ProxylessMesh.ControlPlane.Tests.Model;

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
        var newer = registry.Register(Workload("a", address: "10.0.0.2"));
        older.Dispose();

        Assert.Equal("10.0.0.2", Assert.Single(registry.Current).Address);
        newer.Dispose();
        Assert.Empty(registry.Current);
    }

    [Fact]
    public void A_claimed_id_replaces_nobody_elses_workload()
    {
        var registry = new WorkloadRegistry();

        var honest = registry.Register(Workload("a"));
        registry.Register(Workload("a", authenticated: false)).Dispose();
        registry.Register(Workload("a", account: "other")).Dispose();
        registry.Register(Workload("a", @namespace: "other")).Dispose();

        Assert.Same(honest.Workload, Assert.Single(registry.Current));
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

    [Fact]
    public void The_list_is_another_only_when_somebody_came_or_left()
    {
        var registry = new WorkloadRegistry();
        using var first = registry.Register(Workload("a"));
        var before = registry.Current;

        Assert.True(before == registry.Current);
        registry.Register(Workload("b")).Dispose();

        Assert.False(before == registry.Current);
        Assert.Same(first.Workload, Assert.Single(registry.Current));
        Assert.Single(before);
    }

    [Fact]
    public void Those_of_one_kind_stand_side_by_side_and_share_it()
    {
        var registry = new WorkloadRegistry();
        foreach (var i in Enumerable.Range(0, 100))
        {
            registry.Register(Workload($"{i}", account: $"account-{i % 7}", address: $"10.0.0.{i}"));
        }

        var kinds = registry.Current.Select(w => w.Kind).ToList();

        Assert.Equal(100, kinds.Count);
        Assert.Equal(7, kinds.Distinct(ReferenceEqualityComparer.Instance).Count());
        Assert.Equal(6, kinds.Zip(kinds.Skip(1)).Count(pair => !ReferenceEquals(pair.First, pair.Second)));
    }

    [Fact]
    public void The_same_id_with_other_labels_is_the_same_workload()
    {
        var registry = new WorkloadRegistry();

        var older = registry.Register(Workload("a", labels: "version=v1"));
        var newer = registry.Register(Workload("a", labels: "version=v2"));
        older.Dispose();

        Assert.Equal("v2", Assert.Single(registry.Current).Labels.Find("version"));
        newer.Dispose();
        Assert.Empty(registry.Current);
    }

    private static RegisteredWorkload Workload(
        string id, string @namespace = "default", string account = "reviews", string labels = "", string address = "10.0.0.1", bool authenticated = true) =>
        new(id, @namespace, "reviews-v1", account, Mesh.Labels(labels), address, [], default, acceptsMutualTls: true, authenticated);
}
