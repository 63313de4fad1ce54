using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Xds.Resources;

namespace ProxylessMesh.Xds.Tests.Resources;

/// <summary>duration.proto's range, and ours.</summary>
public sealed class DurationReaderTests
{
    [Theory]
    [InlineData(0, 0, 0L)]
    [InlineData(0, 1, 1L)]
    [InlineData(0, 100, 1L)]
    [InlineData(0, 101, 2L)]
    [InlineData(1, 500_000_000, 15_000_000L)]
    [InlineData(2_147_483, 0, 21_474_836_470_000L)]
    [InlineData(315_576_000_000, 999_999_999, 21_474_836_470_000L)]
    public void Reads(long seconds, int nanos, long ticks)
    {
        var context = new DecodeContext();

        Assert.Equal(ticks, DurationReader.NotNegative(new Duration { Seconds = seconds, Nanos = nanos }, "f", context)?.Ticks);
        Assert.False(context.HasErrors);
    }

    [Theory]
    [InlineData(-1, 0, "f: must not be negative")]
    [InlineData(0, -1, "f: must not be negative")]
    [InlineData(1, -1, "f: must not be negative")]
    [InlineData(315_576_000_001, 0, "f: is out of range")]
    [InlineData(long.MinValue, 0, "f: is out of range")]
    [InlineData(0, 1_000_000_000, "f: is out of range")]
    [InlineData(0, int.MinValue, "f: is out of range")]
    public void Refuses(long seconds, int nanos, string error)
    {
        var context = new DecodeContext();

        Assert.Null(DurationReader.Positive(new Duration { Seconds = seconds, Nanos = nanos }, "f", context));
        Assert.Equal(error, Assert.Single(context.Errors));
    }

    [Fact]
    public void Unset_is_no_error()
    {
        var context = new DecodeContext();

        Assert.Null(DurationReader.Positive(null, "f", context));
        Assert.False(context.HasErrors);
    }
}
