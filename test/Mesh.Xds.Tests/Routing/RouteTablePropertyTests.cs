using FsCheck;
using FsCheck.Fluent;
using ProxylessMesh.Xds.Randomness;
using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.Xds.Tests.Routing;

/// <summary>The compiled table and an ordered scan by the book agree on whatever comes.</summary>
public sealed class RouteTablePropertyTests
{
    private const int Configurations = 5_000;
    private const int RequestsEach = 20;

    [Fact]
    public void The_table_equals_a_naive_ordered_scan()
    {
        var pairs = 0;
        var matched = 0;
        var cases =
            from config in RoutingGenerators.Config
            from requests in Gen.ArrayOf(RoutingGenerators.Request, RequestsEach)
            from dice in Gen.Choose(0, 999_999)
            select (config, requests, dice);

        Prop.ForAll(cases.ToArbitrary(), ((Xds.Config.RouteConfig Config, RequestStub[] Requests, int Dice) sample) =>
        {
            var table = new RouteTable<string>(sample.Config, (_, route) => route.Name, new FixedDice(sample.Dice));
            foreach (var request in sample.Requests)
            {
                var expected = NaiveRouter.Match(sample.Config, request, sample.Dice);
                Assert.Equal(expected, table.Match(in request));
                pairs++;
                matched += expected is null ? 0 : 1;
            }
        }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(Configurations));

        Assert.True(pairs >= 100_000, $"only {pairs} pairs");
        Assert.InRange(matched, pairs / 10, pairs * 9 / 10);
    }

    private sealed class FixedDice(int value) : IRandomSource
    {
        public int Next(int exclusiveMax) => value;

        public double NextDouble() => value / 1e6;
    }
}
