using ProxylessMesh.Server.LoadReports;
using ProxylessMesh.Testing;

namespace ProxylessMesh.Server.Tests.LoadReports;

public sealed class ProcessLoadTests
{
    private readonly FakeTime _time = new();

    [Fact]
    public void Rates_are_counted_per_second_and_smoothed()
    {
        var load = new ProcessLoad(_time);
        Count(load, 40, failed: 10);
        Assert.Equal(default, load.Current());

        _time.Advance(TimeSpan.FromSeconds(2));
        var first = load.Current();
        Assert.Equal((20, 5), (first.RequestsPerSecond, first.ErrorsPerSecond));
        Assert.InRange(first.MemoryUtilization, double.Epsilon, 1);
        Assert.True(first.CpuUtilization >= 0);

        // After five seconds without a request, e to the minus one is left.
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(20 / Math.E, load.Current().RequestsPerSecond, 6);
    }

    [Fact]
    public void Within_a_second_it_is_the_same()
    {
        var load = new ProcessLoad(_time);
        _time.Advance(TimeSpan.FromSeconds(1));
        var report = load.Current();
        Count(load, 5, failed: 0);
        _time.Advance(TimeSpan.FromMilliseconds(999));

        Assert.Equal(report, load.Current());
    }

    private static void Count(ProcessLoad load, int requests, int failed)
    {
        for (var i = 0; i < requests; i++)
        {
            load.Count(i < failed);
        }
    }
}
