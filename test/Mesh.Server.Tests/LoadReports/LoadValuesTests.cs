using ProxylessMesh.Server.LoadReports;
using ProxylessMesh.Xds.LoadReports;

namespace ProxylessMesh.Server.Tests.LoadReports;

public sealed class LoadValuesTests
{
    private static readonly LoadReport Measured = new(0.1, 0.2, 0, 30, 4) { NamedMetrics = [new("queue", 1), new("pool", 2)] };

    private readonly LoadValues _values = new();

    [Fact]
    public void What_is_told_goes_before_what_is_measured_until_it_is_taken_back()
    {
        _values.CpuUtilization = 0.9;
        _values.ApplicationUtilization = 1.5;
        _values.SetMetric("queue", 7);

        var report = _values.Over(Measured);

        Assert.Equal(Measured with { CpuUtilization = 0.9, ApplicationUtilization = 1.5, NamedMetrics = null }, report with { NamedMetrics = null });
        Assert.Equal((7, 2, 2), (report.Named("queue"), report.Named("pool"), report.NamedMetrics!.Length));

        _values.CpuUtilization = null;
        _values.ApplicationUtilization = null;
        _values.SetMetric("queue", null);
        Assert.Equal(Measured, _values.Over(Measured));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void No_numbers_are_refused(double value)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _values.CpuUtilization = value);
        Assert.Throws<ArgumentOutOfRangeException>(() => _values.MemoryUtilization = value);
        Assert.Throws<ArgumentOutOfRangeException>(() => _values.RequestsPerSecond = value);
    }

    [Fact]
    public void Metrics_have_bounds()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _values.MemoryUtilization = 1.1);
        Assert.Throws<ArgumentException>(() => _values.SetMetric("", 1));
        Assert.Throws<ArgumentException>(() => _values.SetMetric("a", double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => _values.SetMetric(new string('a', 129), 1));
        for (var i = 0; i < 100; i++)
        {
            _values.SetMetric($"m{i}", i);
        }

        _values.SetMetric("m5", 50);
        Assert.Throws<ArgumentException>(() => _values.SetMetric("one more", 1));
    }

    [Fact]
    public void Each_change_is_another_version()
    {
        var before = _values.Version;
        _values.ErrorsPerSecond = 1;

        Assert.NotEqual(before, _values.Version);
    }
}
