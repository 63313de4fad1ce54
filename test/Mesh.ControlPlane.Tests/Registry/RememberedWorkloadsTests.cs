using Microsoft.Extensions.Logging;
using ProxylessMesh.ControlPlane.Registry;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Tests.Registry;

public sealed class RememberedWorkloadsTests : IDisposable
{
    private readonly TemporaryDirectory _data = new();
    private readonly FakeTime _time = new();
    private readonly CollectedLogs _logs = new();

    public void Dispose()
    {
        _data.Dispose();
        _logs.Dispose();
    }

    [Fact]
    public void A_killed_control_plane_s_successor_knows_every_workload_whole()
    {
        var before = new WorkloadRegistry();
        using var killed = Remember(before);
        before.Register(Workload("a"));
        before.Register(Workload("b", proven: false));
        _time.Advance(TimeSpan.FromSeconds(1));

        var after = new WorkloadRegistry();
        using var remembered = Remember(after);

        Assert.Equal(before.Current.Select(Comparable).Order(StringComparer.Ordinal), after.Current.Select(Comparable).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_workload_without_a_locality_is_remembered_too()
    {
        var before = new WorkloadRegistry();
        var stopping = Remember(before);
        before.Register(Workload("a", locality: default(LocalityId)));
        stopping.Dispose();

        var after = new WorkloadRegistry();
        using var remembered = Remember(after);

        Assert.Equal(new LocalityId("", "", ""), Assert.Single(after.Current).Locality);
        Assert.DoesNotContain(_logs.Entries, e => e.Level == LogLevel.Warning);
    }

    [Fact]
    public void Streams_that_end_because_the_control_plane_stops_take_no_workload_with_them()
    {
        var before = new WorkloadRegistry();
        var stopping = Remember(before);
        var stream = before.Register(Workload("a"));
        stopping.Dispose();
        stream.Dispose();

        var after = new WorkloadRegistry();
        using var remembered = Remember(after);

        Assert.Equal("a", Assert.Single(after.Current).Id);
    }

    [Fact]
    public void Who_left_before_is_not_remembered()
    {
        var before = new WorkloadRegistry();
        using var killed = Remember(before);
        before.Register(Workload("a")).Dispose();
        _time.Advance(TimeSpan.FromSeconds(1));

        var after = new WorkloadRegistry();
        using var remembered = Remember(after);

        Assert.Empty(after.Current);
    }

    [Fact]
    public void Only_who_returns_in_time_stays()
    {
        var before = new WorkloadRegistry();
        var stopping = Remember(before);
        before.Register(Workload("returns"));
        before.Register(Workload("is gone"));
        stopping.Dispose();

        var after = new WorkloadRegistry();
        using var remembered = Remember(after);
        using var stream = after.Register(Workload("returns"));
        Assert.Equal(2, after.Current.Length);
        _time.Advance(RememberedWorkloads.Patience);

        Assert.Equal("returns", Assert.Single(after.Current).Id);
        stream.Dispose();
        Assert.Empty(after.Current);
    }

    [Theory]
    [InlineData("[{")]
    [InlineData("{}")]
    [InlineData("[{\"Id\":\"a\"}]")]
    [InlineData("[{\"Id\":null,\"Namespace\":\"default\"}]")]
    [InlineData("[{\"Id\":\"\\ud800\"}]")]
    [InlineData("""[{"Id":"a","Namespace":"b","Name":"c","ServiceAccount":"d","Labels":{"a":null},"Address":"10.0.0.1","Ports":[],"Region":"","Zone":"","SubZone":"","AcceptsMutualTls":true,"Authenticated":true}]""")]
    [InlineData("""[{"Id":"a","Namespace":"b","Name":"c","ServiceAccount":"d","Labels":{},"Address":"10.0.0.1","Ports":[{"Key":null,"Value":1}],"Region":"","Zone":"","SubZone":"","AcceptsMutualTls":true,"Authenticated":true}]""")]
    [InlineData("""[{"Id":"a","Namespace":"b","Name":"c","ServiceAccount":"d","Labels":{},"Address":"~","Ports":[],"Region":"","Zone":"","SubZone":"","AcceptsMutualTls":true,"Authenticated":true}]""")]
    [InlineData("""[{"Id":"a","Namespace":"b","Name":"c","ServiceAccount":"d","Labels":{},"Address":"example.com","Ports":[],"Region":"","Zone":"","SubZone":"","AcceptsMutualTls":true,"Authenticated":true}]""")]
    public void A_damaged_file_is_ignored_with_a_warning(string text)
    {
        File.WriteAllText(_data.File("workloads.json"), text);

        var registry = new WorkloadRegistry();
        using var remembered = Remember(registry);

        Assert.Empty(registry.Current);
        Assert.Contains(_logs.Entries, e => e.Level == LogLevel.Warning && e.Id == 4101);
    }

    [Fact]
    public void Only_the_owner_can_read_the_file()
    {
        Remember(new WorkloadRegistry()).Dispose();

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_data.File("workloads.json")));
        }
    }

    private static string Comparable(RegisteredWorkload w) =>
        $"{w.Id} {w.Namespace} {w.Name} {w.ServiceAccount} {string.Join(',', w.Labels.Entries)} {w.Address} {string.Join(',', w.Ports)} {w.Locality} {w.AcceptsMutualTls} {w.Authenticated}";

    private static RegisteredWorkload Workload(string id, bool proven = true, LocalityId? locality = null) => new(
        id,
        "default",
        "reviews",
        "bookinfo-reviews",
        EquatableMap.From([new("app", "reviews")]),
        "10.0.0.1",
        [new("http", 9080), new("", 9081), new("", 9082)],
        locality ?? new LocalityId("eu", "eu-1", "rack-7"),
        acceptsMutualTls: proven,
        authenticated: proven);

    private RememberedWorkloads Remember(WorkloadRegistry registry)
    {
        var remembered = new RememberedWorkloads(_data.Path, registry, _time, _logs.CreateLogger<RememberedWorkloads>());
        remembered.Start();
        return remembered;
    }
}
