using ProxylessMesh.Client.LoadBalancing;

namespace ProxylessMesh.Client.Tests.LoadBalancing;

public sealed class WeightedSlotsTests
{
    [Fact]
    public void EqualWeightsStandOnceEach() => Assert.Equal([0, 1, 2], WeightedSlots.Spread([7, 7, 7]));

    [Fact]
    public void WeightsAreSpreadEvenly()
    {
        var slots = WeightedSlots.Spread([300, 100]);

        Assert.Equal(4, slots.Length);
        Assert.Equal(3, slots.Count(s => s == 0));
        Assert.NotEqual([0, 0, 0, 1], slots);
        Assert.NotEqual([1, 0, 0, 0], slots);
    }

    [Fact]
    public void HugeWeightsKeepTheirRatioWithinTheBound()
    {
        var slots = WeightedSlots.Spread([4_000_000_000, 999_999_999]);

        Assert.InRange(slots.Length, 2, 4097);
        Assert.InRange((double)slots.Count(s => s == 0) / slots.Length, 0.79, 0.81);
    }

    [Fact]
    public void BrokenWeightsKeepTheirRatio()
    {
        var slots = WeightedSlots.Spread([1, 0.1]);

        Assert.InRange((double)slots.Count(s => s == 1) / slots.Length, 0.089, 0.093);
    }
}
