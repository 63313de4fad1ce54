using ProxylessMesh.Client.LoadBalancing;

namespace ProxylessMesh.Client.Tests.LoadBalancing;

/// <summary>The tables of Envoy's pages "Priority levels" and "Panic threshold", for an overprovisioning factor of 1.4.</summary>
public sealed class PriorityLoadsTests
{
    [Theory]
    [InlineData(100, 100, 100, 0)]
    [InlineData(72, 72, 100, 0)]
    [InlineData(71, 71, 99, 1)]
    [InlineData(50, 50, 70, 30)]
    [InlineData(25, 100, 35, 65)]
    [InlineData(25, 25, 50, 50)]
    [InlineData(0, 100, 0, 100)]
    public void LoadSpillsToTheNextLevel(int healthyOfFirst, int healthyOfSecond, int first, int second)
    {
        var loads = PriorityLoads.Of([(100, healthyOfFirst), (100, healthyOfSecond)], 140, panicThresholdPercent: 0);

        Assert.Equal([first, second], loads.Select(l => l.Load));
        Assert.DoesNotContain(loads, l => l.Panic);
    }

    [Theory]
    [InlineData(100, 0, 0, 0, "100/0 0/0")]
    [InlineData(50, 50, 0, 0, "70/30 0/0")]
    [InlineData(0, 100, 100, 0, "0/0 100/0")]
    [InlineData(25, 75, 25, 0, "35/30 35/0")]
    public void DegradedEndpointsGetWhatTheHealthyOnesCannotCarry(int healthy, int degraded, int healthyOfSecond, int degradedOfSecond, string expected)
    {
        var loads = PriorityLoads.Of([new PriorityHealth(100, healthy, degraded), new PriorityHealth(100, healthyOfSecond, degradedOfSecond)], 140, 50);

        Assert.Equal(expected, string.Join(' ', loads.Select(l => $"{l.Healthy}/{l.Degraded}")));
        Assert.DoesNotContain(loads, l => l.Panic && l.Healthy + l.Degraded > 0);
    }

    [Fact]
    public void ThreeLevels() =>
        Assert.Equal([0, 7, 93], PriorityLoads.Of([(100, 0), (100, 5), (100, 100)], 140, 50).Select(l => l.Load));

    [Fact]
    public void BelowTheThresholdALevelPanicsWhenAllTogetherCannotCarryTheLoad()
    {
        // 20 % healthy can carry 28 %, 50 % can carry 70 %: together 98 %.
        Assert.Equal([(29, true), (71, false)], PriorityLoads.Of([(100, 20), (100, 50)], 140, 50));
        Assert.Equal([(28, false), (72, false)], PriorityLoads.Of([(100, 20), (100, 60)], 140, 50));
    }

    [Fact]
    public void WhenAllPanicLoadGoesByTheNumberOfEndpoints() =>
        Assert.Equal([(25, true), (75, true)], PriorityLoads.Of([(100, 5), (300, 0)], 140, 50));

    [Fact]
    public void PanicOffMeansThatNobodyIsPicked() => Assert.Equal([(100, false), (0, false)], PriorityLoads.Of([(2, 0), (2, 0)], 140, 0));
}
