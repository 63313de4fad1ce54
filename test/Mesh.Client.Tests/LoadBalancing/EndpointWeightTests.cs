using ProxylessMesh.Client.LoadBalancing;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.LoadReports;

namespace ProxylessMesh.Client.Tests.LoadBalancing;

/// <summary>gRFC A58, "Subchannel Weights", and gRFC A114.</summary>
public sealed class EndpointWeightTests
{
    private static readonly ClientWeightsConfig AtOnce = new() { Blackout = TimeSpan.Zero };

    private readonly FakeTime _time = new();
    private readonly EndpointWeight _weight = new();

    [Theory]
    [InlineData(0.5, 0, 100, 0, 200)]
    [InlineData(0.5, 0.25, 100, 0, 400)]
    [InlineData(0.5, 0, 100, 50, 100)]
    [InlineData(0.5, 0, 0, 0, 0)]
    [InlineData(0, 0, 100, 0, 0)]
    [InlineData(0, 0, 100, 50, 0)]
    [InlineData(-1, 0, 100, 0, 0)]
    [InlineData(double.NaN, 0, 100, 0, 0)]
    [InlineData(0.5, 0, double.NaN, 0, 0)]
    [InlineData(double.Epsilon, 0, 100, 0, 0)]
    public void Requests_are_divided_by_what_they_cost(double cpu, double application, double requests, double errors, double expected)
    {
        Report(new LoadReport(cpu, 0, application, requests, errors), AtOnce);

        Assert.Equal(expected, Get(AtOnce));
    }

    [Fact]
    public void The_penalty_is_a_setting()
    {
        Report(new LoadReport(0.5, 0, 0, 100, 50), AtOnce with { ErrorPenalty = 0 });
        Assert.Equal(200, Get(AtOnce));

        Report(new LoadReport(0.5, 0, 0, 100, 50), AtOnce with { ErrorPenalty = 3 });
        Assert.Equal(50, Get(AtOnce));
    }

    [Fact]
    public void The_weight_counts_after_the_blackout()
    {
        var config = ClientWeightsConfig.Default;
        Report(new LoadReport(1, 0, 0, 100, 0), config);
        Assert.Equal(0, Get(config));

        _time.Advance(TimeSpan.FromSeconds(9.9));
        Report(new LoadReport(0.5, 0, 0, 100, 0), config);
        Assert.Equal(0, Get(config));

        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(200, Get(config));
    }

    [Fact]
    public void A_report_that_says_nothing_changes_nothing()
    {
        Report(new LoadReport(1, 0, 0, 100, 0), AtOnce);
        _time.Advance(TimeSpan.FromMinutes(2));
        Report(default, AtOnce);
        Assert.Equal(100, Get(AtOnce));

        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, Get(AtOnce));
    }

    [Fact]
    public void A_weight_that_expired_has_its_blackout_again()
    {
        var config = ClientWeightsConfig.Default;
        Report(new LoadReport(1, 0, 0, 100, 0), config);
        _time.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal(0, Get(config));

        Report(new LoadReport(1, 0, 0, 100, 0), config);
        Assert.Equal(0, Get(config));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(100, Get(config));
    }

    [Theory]
    [InlineData("named_metrics.queue", 50)]
    [InlineData("mem_utilization", 125)]
    [InlineData("named_metrics.queue,mem_utilization", 50)]
    [InlineData("named_metrics.other", 200)]
    [InlineData("named_metrics.broken,named_metrics.negative", 200)]
    [InlineData("queue", 200)]
    public void Named_numbers_stand_in_for_the_processors(string names, double expected)
    {
        var config = AtOnce with { MetricNames = [.. names.Split(',')] };
        var report = new LoadReport(0.5, 0.8, 0, 100, 0) { NamedMetrics = [new("queue", 2), new("broken", double.NaN), new("negative", -1)] };

        Report(report, config);
        Assert.Equal(expected, Get(config));

        Report(report with { ApplicationUtilization = 1 }, config);
        Assert.Equal(100, Get(config));
    }

    private void Report(LoadReport report, ClientWeightsConfig config) => _weight.Update(in report, config, _time.GetTimestamp());

    private double Get(ClientWeightsConfig config) => _weight.Get(config, _time, _time.GetTimestamp());
}
