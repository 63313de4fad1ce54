using ProxylessMesh.Client.LoadBalancing;

namespace ProxylessMesh.Client.Tests.LoadBalancing;

/// <summary>The schedule of gRPC's weighted_round_robin (gRFC A58).</summary>
public sealed class StrideScheduleTests
{
    [Theory]
    [InlineData()]
    [InlineData(1.0)]
    [InlineData(0.0, 0.0, 0.0)]
    [InlineData(0.0, 5.0, 0.0)]
    public void With_fewer_than_two_weights_there_is_none(params double[] weights) => Assert.Null(StrideSchedule.Of(weights));

    [Theory]
    [InlineData("1,1,1")]
    [InlineData("3,1,2")]
    [InlineData("0.1,0.2,0.3,0.4")]
    public void Each_is_picked_in_proportion_to_its_weight(string list)
    {
        var weights = list.Split(',').Select(w => double.Parse(w, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        var counts = Count(weights, 60_000);

        for (var i = 0; i < weights.Length; i++)
        {
            Assert.Equal(weights[i] / weights.Sum(), counts[i] / 60_000.0, 0.001);
        }
    }

    [Fact]
    public void What_is_not_known_counts_as_the_mean()
    {
        var counts = Count([3, 0, 1], 60_000);

        Assert.Equal((30_000, 20_000, 10_000), (counts[0], counts[1], counts[2]), Near(60));
    }

    [Fact]
    public void Ten_times_the_mean_is_the_most_and_a_hundredth_of_it_the_least()
    {
        // 19 of weight 1 and one of 1,000,000: mean 50,000.95, cap 500,009.5; the small ones get a hundredth of the mean.
        double[] weights = [1_000_000, .. Enumerable.Repeat(1.0, 19)];
        var counts = Count(weights, 133_578);

        Assert.InRange(counts[0] / (double)counts[1], 990, 1010);
    }

    [Fact]
    public void The_first_picks_are_those_of_gRPC()
    {
        // By hand from the rule: weights 3:1 become 65535 and 21845, and the second is taken where (21845 * round + 32767) % 65535 >= 43690.
        var schedule = StrideSchedule.Of([3, 1])!;
        var turn = new Turn();

        Assert.Equal([0, 0, 1, 0, 0, 0, 1, 0], Enumerable.Range(0, 8).Select(_ => schedule.Pick(turn)));
    }

    [Fact]
    public void The_count_may_overflow()
    {
        var schedule = StrideSchedule.Of([2, 1, 1])!;
        var turn = new Turn(uint.MaxValue - 5);

        Assert.All(Enumerable.Range(0, 20).Select(_ => schedule.Pick(turn)), i => Assert.InRange(i, 0, 2));
    }

    private static int[] Count(double[] weights, int picks)
    {
        var schedule = StrideSchedule.Of(weights)!;
        var turn = new Turn();
        var counts = new int[weights.Length];
        for (var i = 0; i < picks; i++)
        {
            counts[schedule.Pick(turn)]++;
        }

        return counts;
    }

    private static EqualityComparer<(int A, int B, int C)> Near(int difference) => EqualityComparer<(int A, int B, int C)>.Create(
        (x, y) => Math.Abs(x.A - y.A) <= difference && Math.Abs(x.B - y.B) <= difference && Math.Abs(x.C - y.C) <= difference);
}
