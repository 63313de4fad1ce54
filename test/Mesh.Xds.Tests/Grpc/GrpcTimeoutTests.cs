using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.Xds.Tests.Grpc;

public sealed class GrpcTimeoutTests
{
    [Theory]
    [InlineData(0, "0u")]
    [InlineData(1, "1u")]
    [InlineData(10, "1u")]
    [InlineData(11, "2u")]
    [InlineData(99_999_999 * TimeSpan.TicksPerMicrosecond, "99999999u")]
    [InlineData(100 * TimeSpan.TicksPerSecond, "100000m")]
    [InlineData(2 * TimeSpan.TicksPerDay, "172800S")]
    [InlineData(long.MaxValue, "99999999H")]
    public void It_is_written_in_the_finest_unit_that_fits(long ticks, string expected) =>
        Assert.Equal(expected, GrpcTimeout.Format(TimeSpan.FromTicks(ticks)));

    [Theory]
    [InlineData("1n", 1)]
    [InlineData("150n", 2)]
    [InlineData("3u", 30)]
    [InlineData("4m", 40_000)]
    [InlineData("5S", 50_000_000)]
    [InlineData("6M", 3_600_000_000)]
    [InlineData("99999999H", 99_999_999 * TimeSpan.TicksPerHour)]
    public void Every_unit_is_read(string text, long ticks)
    {
        Assert.True(GrpcTimeout.TryParse(text, out var timeout));
        Assert.Equal(ticks, timeout.Ticks);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("S")]
    [InlineData("5s")]
    [InlineData("-5S")]
    [InlineData("+5S")]
    [InlineData(" 5S")]
    [InlineData("5.5S")]
    [InlineData("123456789S")]
    public void Anything_else_is_refused(string? text) => Assert.False(GrpcTimeout.TryParse(text, out _));
}
