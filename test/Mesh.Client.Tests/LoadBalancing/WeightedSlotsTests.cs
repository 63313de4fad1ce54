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

    [Fact]
    public void FewAndManyAreSpreadAlike()
    {
        double[] few = [5, 3, 2];
        var many = WeightedSlots.Spread([.. few, .. Enumerable.Repeat(1.0, 10)]);
        var expected = many.Where(s => s < few.Length).ToArray();

        var slots = WeightedSlots.Spread(few);

        Assert.Equal(10, slots.Length);
        Assert.Equal([5, 3, 2], Enumerable.Range(0, 3).Select(i => slots.Count(s => s == i)));
        Assert.Equal(expected.Count(s => s == 0), slots.Count(s => s == 0));
        Assert.DoesNotContain(slots.Zip(slots.Skip(1), slots.Skip(2)), t => t.First == 0 && t.Second == 0 && t.Third == 0);
    }
}
