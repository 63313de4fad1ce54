using System.Globalization;
using ProxylessMesh.ControlPlane.Yaml;

namespace ProxylessMesh.ControlPlane.Tests.Yaml;

public class GoDurationTests
{
    [Theory]
    [InlineData("1.5s", "00:00:01.5")]
    [InlineData("1m30s", "00:01:30")]
    [InlineData("250ms", "00:00:00.25")]
    [InlineData("1h", "01:00:00")]
    [InlineData("1h0.5m", "01:00:30")]
    [InlineData(".5s", "00:00:00.5")]
    [InlineData("0", "00:00:00")]
    [InlineData("0s", "00:00:00")]
    [InlineData("100us", "00:00:00.0001")]
    [InlineData("100µs", "00:00:00.0001")]
    [InlineData("1000ns", "00:00:00.000001")]
    [InlineData("-1s", "-00:00:01")]
    [InlineData("+1s", "00:00:01")]
    public void Reads_what_Go_reads(string text, string expected)
    {
        Assert.True(GoDuration.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.Parse(expected, CultureInfo.InvariantCulture), duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("1")]
    [InlineData("s")]
    [InlineData("1 s")]
    [InlineData("1d")]
    [InlineData("1.2.3s")]
    [InlineData(".s")]
    [InlineData("1s ")]
    [InlineData("1S")]
    [InlineData("99999999h")]
    [InlineData("99999999999999999999999999999s")]
    public void Refuses_the_rest(string text) => Assert.False(GoDuration.TryParse(text, out _));
}
