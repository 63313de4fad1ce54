using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Tests.Config;

public sealed class EquatableMapTests
{
    [Fact]
    public void Finds_every_key_and_no_other()
    {
        var map = EquatableMap.From(Enumerable.Range(0, 100).Reverse().Select(i => KeyValuePair.Create($"k{2 * i}", $"v{i}")));

        Assert.Equal(100, map.Count);
        Assert.All(Enumerable.Range(0, 100), i => Assert.Equal($"v{i}", map.Find($"k{2 * i}")));
        Assert.All(Enumerable.Range(0, 100), i => Assert.Null(map.Find($"k{(2 * i) + 1}")));
        Assert.Null(map.Find(""));
        Assert.Null(EquatableMap.Empty.Find("k0"));
    }

    [Fact]
    public void Order_does_not_matter()
    {
        var one = EquatableMap.From([new("a", "1"), new("B", "2"), new("", "3")]);
        var other = EquatableMap.From([new("", "3"), new("B", "2"), new("a", "1")]);

        Assert.Equal(one, other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
        Assert.Equal(["", "B", "a"], one.Entries.Select(e => e.Key));
        Assert.Same(EquatableMap.Empty, EquatableMap.From([]));
    }

    [Fact]
    public void A_key_said_twice_counts_once_and_has_one_value()
    {
        Assert.Equal(1, EquatableMap.From([new("a", "1"), new("a", "1")]).Count);
        Assert.Throws<ArgumentException>(() => EquatableMap.From([new("a", "1"), new("b", "1"), new("a", "2")]));
    }

    [Theory]
    [InlineData("", "a=1", true)]
    [InlineData("a=1", "a=1", true)]
    [InlineData("a=1", "a=1,b=2", true)]
    [InlineData("a=1", "a=2,b=2", false)]
    [InlineData("a=1,b=2", "a=1", false)]
    [InlineData("a=1", "", false)]
    public void A_subset_is_in_the_other(string one, string other, bool expected) => Assert.Equal(expected, Map(one).IsSubsetOf(Map(other)));

    private static EquatableMap Map(string text) =>
        EquatableMap.From(text.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(e => e.Split('=')).Select(e => KeyValuePair.Create(e[0], e[1])));
}
